/**
 * Preloaded (`--require`) into the deployment. A `.env` file of the service (`useDotenv`) is read after the start, and
 * dotenv-expand replaces what is unset or empty: nothing set here later can decide whom AWS calls go to. Everything else
 * in such a file counts as ever.
 */
const LOCKED =
  /^(aws_.*(profile|key|secret|token|endpoint|file|credential|role|region|metadata).*|(https?_)?proxy|node_options)$/i

const locked = (name: string | symbol) => typeof name === 'string' && LOCKED.test(name)

process.env = new Proxy(process.env, {
  set: (target, name, value) => locked(name) || Reflect.set(target, name, value, target),
  defineProperty: (target, name, attributes) =>
    locked(name) || Reflect.defineProperty(target, name, attributes),
  deleteProperty: (target, name) => locked(name) || Reflect.deleteProperty(target, name),
})
