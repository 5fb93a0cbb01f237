import { moduleConfig } from 'dareplane-utils'

/** What configs/module.toml and the command line may say. */
export type Config = {
  readonly stream_name: string
  readonly buffer_size_s: number
  readonly channel: number
  readonly band: readonly [lowHz: number, highHz: number]
  readonly threshold: number
  readonly target_module: string
  readonly target_pcomm: string
}

/** What holds where they say nothing. The types are those of the defaults. */
export const DEFAULTS: Config = {
  stream_name: 'dareplane-eeg',
  buffer_size_s: 2.0,
  channel: 0,
  band: [1, 40],
  threshold: 50.0,
  target_module: 'dp-stimulation',
  target_pcomm: 'STIM',
}

/** The configuration; an unknown key or a value of another type is refused with file and line. */
export const readConfig = (overrides: Readonly<Record<string, unknown>>): Config =>
  moduleConfig(new URL('../configs/module.toml', import.meta.url), DEFAULTS, overrides)
