import { moduleConfig } from 'dareplane-utils'

/** What configs/module.toml and the command line may say, and what holds where they say nothing. The types are those of the defaults. */
export const DEFAULTS = {
  stream_name: 'dareplane-eeg',
  buffer_size_s: 2.0,
  channel: 0,
  band: [1, 40],
  threshold: 50.0,
  target_module: 'dp-stimulation',
  target_pcomm: 'STIM',
}

/** The configuration; an unknown key or a value of another type is refused with file and line. */
export const readConfig = overrides =>
  moduleConfig(new URL('../configs/module.toml', import.meta.url), DEFAULTS, overrides)
