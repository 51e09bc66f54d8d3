/** This process's environment without what could lead a program to an account, or tell it how to behave. */
export function cleanEnvironment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|SLS|SERVERLESS|npm)_/i.test(name))
  return Object.fromEntries(kept)
}
