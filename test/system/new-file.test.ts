import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openNewFile } from '../../src/system/new-file.js'

t.test('a file is made, one that is there is not touched, and a folder that is not there is named', async t => {
  const folder = t.testdir({ there: 'precious' })
  const handle = await openNewFile(join(folder, 'new'))
  await handle.close()
  await t.rejects(openNewFile(join(folder, 'there')), { code: 'ERR_FILE_EXISTS' })
  t.equal(readFileSync(join(folder, 'there'), 'utf8'), 'precious')
  await t.rejects(openNewFile(join(folder, 'no', 'x')), { code: 'ERR_FILE_INVALID', message: /there is no folder .*no; make it first/ }) // prettier-ignore
})
