import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findServerless } from '../../../lib/commands/dev/serverless-cli'
import { temporaryFolder } from '../../support/engine'

describe('the Serverless that deploys', () => {
  const folder = temporaryFolder()
  afterAll(() => folder.remove())

  function install(where: string, name: string, version: string): string {
    const root = join(folder.path, where, 'node_modules', 'serverless')
    mkdirSync(join(root, 'bin'), { recursive: true })
    writeFileSync(join(root, 'package.json'), JSON.stringify({ name, version }))
    writeFileSync(join(root, 'bin', 'serverless.js'), '')
    return join(root, 'bin', 'serverless.js')
  }

  it("is the service's own, also from a folder above", () => {
    const script = realpathSync(install('own', 'osls', '4.3.1'))
    const running = install('global', 'osls', '4.0.0')
    expect(findServerless(join(folder.path, 'own', 'packages', 'a'), running)).toEqual({
      script,
      name: 'osls',
      version: '4.3.1',
    })
  })

  it('is the running one where the service has none', () => {
    const running = install('global', 'osls', '4.0.0')
    expect(findServerless(join(folder.path, 'none'), running).script).toBe(realpathSync(running))
  })

  it.each([
    ['serverless', '3.40.0', 'would deploy to your AWS account'],
    ['osls', '3.61.0', 'would deploy to your AWS account'],
    ['serverless', '4.17.1', 'asks for an account of its own'],
  ])('is refused where it cannot be kept to the endpoint: %s %s', (name, version, why) => {
    install('refused', name, version)
    const find = () => findServerless(join(folder.path, 'refused'), '')
    expect(find).toThrow(`${name} ${version}`)
    expect(find).toThrow(why)
  })
})
