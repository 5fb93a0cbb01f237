import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readPage } from './support/pages.js'
import { projectFolder } from './support/project.js'

t.test('every error code is explained, and no other', async t => {
  const codes = (text: string): string[] => [...new Set(text.match(/\bERR_[A-Z_]+/g))].sort()
  const rows = readPage('docs/errors.md').match(/^\| `ERR_[A-Z_]+` .*$/gm) ?? []
  t.same(
    codes(rows.map(row => row.split('|')[1]).join()),
    codes(readPage('src/errors.ts').split('/** What went')[0] ?? ''),
  )
})

t.test('every warning that the process may emit is explained', async t => {
  const text = readPage('docs/errors.md')
  const sources = readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' })
  const names = sources
    .filter(name => name.endsWith('.ts'))
    .flatMap(name =>
      [...readPage(`src/${name}`).matchAll(/emitWarning\(.*'(\w+)'\)/g)].map(([, warning = '']) => warning),
    )
  t.ok(names.length > 0)
  for (const name of new Set(names)) t.ok(text.includes(`\`${name}\``), name)
})

/** The public names of dareplane_utils 0.0.24 and of pylsl 1.18, which no page of theirs lists. */
const PYTHON = `
  StreamWatcher connect_to_stream update n_new unfold_buffer unfold_buffer_t curr_i last_t channel_names disconnect
  get_streams_names get_channel_names pylsl_xmlelement_to_dict StreamWatcherNotConnected
  DefaultServer DefaultCallbackServer pcommand_map init_server start_listening close_threads close_processes shutdown
  on_connection_accepted on_connection_closed process_connection handle_msg UnknownMsgInterpretation parse_msg interpret_msg
  stop_thread stop_process get_logger add_console_handler no_socket_handler LogRecordSocketReceiver serve_until_stopped
  LogRecordStreamHandler modify_root_logger UJsonSocketHandler FilterBank FilterBufferOverflow get_data abs_moving_average
  EventLoop DelayedCallback add_callback add_delayed_callback_once run sleep_s partial_sleep full_speed RingBuffer
  ModuleConnection connect_to_module send_message receive_message stop_connection Communicator SocketCommunicator Launcher
  PythonLauncher ExeLauncher launch terminate close_process_and_child_processes
  ContinuousResolver resolve_streams resolve_bypred resolve_byprop StreamInfo StreamInlet StreamOutlet IRREGULAR_RATE FOREVER
  proc_none proc_clocksync proc_dejitter proc_monotonize proc_threadsafe proc_ALL transp_default protocol_version
  library_version library_info local_clock set_config_filename set_config_content cf_float32 cf_double64 cf_string cf_undefined
  as_xml get_channel_labels set_channel_labels open_stream close_stream time_correction pull_sample pull_chunk samples_available
  flush was_clock_reset push_sample push_chunk have_consumers wait_for_consumers get_info XMLElement append_child child_value
  TimeoutError LostError InvalidArgumentError InternalError`
  .split(/\s+/)
  .filter(name => name !== '')

t.test('those who come from Python find every name', async t => {
  const text = readPage('docs/from-python.md')
  for (const name of PYTHON) t.match(text, new RegExp(`\\b${name}\\b`), name)
})
