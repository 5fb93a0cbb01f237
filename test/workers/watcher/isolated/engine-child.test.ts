import '../../../support/loopback.js'
import { projectFolder } from '../../../support/project.js'
import t from 'tap'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { platform } from '../../../../src/system/platform.js'

t.test(
  'a process without free descriptors starts no engine, says so, and lives',
  { skip: platform() === 'windows' },
  async t => {
    const script = `
    import { openSync } from 'node:fs'
    const { EngineProcess } = await import(${JSON.stringify(join(projectFolder, 'dist/workers/watcher/isolated/engine-child.js'))})
    try { for (;;) openSync('/dev/null') } catch {}
    try { new EngineProcess(); console.log('started') } catch (error) { console.log(error.code + ' ' + error.message) }
    setTimeout(() => process.exit(0), 100)`
    const child = spawn(
      'sh',
      ['-c', 'ulimit -n 60 && exec "$0" --input-type=module -e "$1"', process.execPath, script],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '' },
      },
    )
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output += text.toString()))
    const code = await new Promise(resolve => child.on('close', resolve))
    t.equal(code, 0)
    t.match(output, /^ERR_STREAM_LOST .*does not start/)
  },
)
