import t from 'tap'
import { Dareplane, dareplane } from '../support/dareplane.js'
import { uniqueName } from '../support/loopback.js'

t.test('streams lists what is on the network, as a table and as JSON', async t => {
  const name = uniqueName('listed')
  await using outlet = new Dareplane(['outlet', '--name', name, '--source-id', 'an amp', '--rate', '512'])
  await outlet.line(/^ready/)
  const { stdout, code } = await dareplane('streams', '--wait', '0.5')
  t.equal(code, 0)
  t.match(stdout, /^NAME +TYPE +CHANNELS +FORMAT +RATE +SOURCE ID +HOST +UID$/m)
  t.match(stdout, new RegExp(`^${name} +EEG +8 +float32 +512 +an amp +\\S+ +\\S+$`, 'm'))

  const json = await dareplane('streams', '--wait', '0.5', '--json')
  const listed = JSON.parse(json.stdout) as { name: string }[]
  t.match(
    listed.find(stream => stream.name === name),
    { type: 'EEG', channelCount: 8, channelFormat: 'float32', nominalSrate: 512, sourceId: 'an amp', uid: /.+/ },
  )
})
