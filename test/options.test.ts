import './support/loopback.js'
import t from 'tap'
import * as api from '../src/index.js'
import { CommandTable } from '../src/server/command-table.js'
import { ringWindows } from '../src/ring/ring-windows.js'
import { NO_OPTIONS, refusesUnknownOptions } from './support/refused-options.js'
import type { Call } from './support/refused-options.js'

const info = new api.StreamInfo({ name: 'options', channelCount: 1 })
const found = new api.StreamInfo({ ...info.fields, uid: 'an-outlet' })
const watcher = new api.StreamWatcher({ name: 'options' })
const reader = api.RingReader.attach(api.RingBuffer.allocate({ frames: 4, channels: 1 }).share())
const client = new api.ModuleClient({ port: 1 })
const module = new URL('./none.job.js', import.meta.url)

/** How each of the package's functions and classes is given options. What is added to it must be added here. */
const PUBLIC: Readonly<Record<keyof typeof api, readonly Call[]>> = {
  DEDUCED_TIMESTAMP: NO_OPTIONS,
  DareplaneError: NO_OPTIONS,
  DefaultCallbackServer: [options => new api.DefaultCallbackServer(options)],
  DefaultServer: [
    options => new api.DefaultServer(options),
    options => new CommandTable().set('START', () => 0, options),
  ],
  LogRecordSocketReceiver: [
    options => new api.LogRecordSocketReceiver(options),
    rotation => new api.LogRecordSocketReceiver({ rotation }),
  ],
  ModuleClient: [
    options => new api.ModuleClient(options),
    options => client.connect(options),
    options => client.stop(options),
    options => client.up(options),
    options => client.askJobs(options),
  ],
  RingBuffer: [options => api.RingBuffer.allocate(options)],
  RingReader: [options => ringWindows(reader, options).next()],
  StopEvent: NO_OPTIONS,
  StreamInfo: [
    options => new api.StreamInfo(options),
    channel => new api.StreamInfo({ name: 'x', channelCount: 1, channels: [channel] }),
  ],
  StreamInlet: [
    options => new api.StreamInlet(found, options),
    processing => new api.StreamInlet(found, { processing }),
    options => new api.StreamInlet(found).pullChunk(options),
  ],
  StreamOutlet: [options => new api.StreamOutlet(info, options)],
  StreamWatcher: [
    options => new api.StreamWatcher(options),
    processing => new api.StreamWatcher({ name: 'x', processing }),
    options => watcher.connectToStream(options),
  ],
  childStopEvent: NO_OPTIONS,
  closePool: NO_OPTIONS,
  getLogger: [options => api.getLogger('x', options)],
  getStreamNames: [options => api.getStreamNames(options)],
  libraryVersion: [options => api.libraryVersion(options)],
  localClock: NO_OPTIONS,
  moduleArguments: NO_OPTIONS,
  // Its two objects are a configuration, whose keys its caller defines.
  moduleConfig: NO_OPTIONS,
  nameLogThread: NO_OPTIONS,
  protocolVersion: NO_OPTIONS,
  resolveByPred: [options => api.resolveByPred('', options)],
  resolveByProp: [options => api.resolveByProp('name', 'x', options)],
  resolveStreams: [options => api.resolveStreams(0, options)],
  runInPool: [options => api.runInPool(module, 1, options)],
  startSubprocessJob: [options => api.startSubprocessJob('true', [], options)],
  startWorkerJob: [options => api.startWorkerJob(module, options)],
  streamChanges: [options => api.streamChanges('', options).next()],
  xmlElement: NO_OPTIONS,
}

t.test('every public function is in the table', async t => {
  t.same(Object.keys(PUBLIC).sort(), Object.keys(api).sort())
})

refusesUnknownOptions(PUBLIC)
