/** Writes the bytes of XDF files for tests, so that their expectations do not depend on the reader. */
const u16 = (value: number): Buffer => Buffer.from(Uint16Array.of(value).buffer)
const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer)
const f64 = (value: number): Buffer => Buffer.from(Float64Array.of(value).buffer)

function varInt(value: number, width: 1 | 4 | 8 = value < 256 ? 1 : 4): Buffer {
  const bytes = { 1: Buffer.of(value & 255), 4: u32(value), 8: Buffer.from(BigUint64Array.of(BigInt(value)).buffer) }
  return Buffer.concat([Buffer.of(width), bytes[width]])
}

export function chunk(tag: number, content: Buffer, width?: 1 | 4 | 8): Buffer {
  return Buffer.concat([varInt(content.length + 2, width), u16(tag), content])
}

export function fileHeader(): Buffer {
  return Buffer.concat([
    Buffer.from('XDF:'),
    chunk(1, Buffer.from('<?xml version="1.0"?><info><version>1.0</version></info>')),
  ])
}

export interface HeaderFields {
  name?: string
  channels?: number | string
  format?: string
  rate?: number | string
}

export function headerXml({ name = 'S', channels = 1, format = 'float32', rate = 100 }: HeaderFields): string {
  return (
    `<?xml version="1.0"?><info><name>${name}</name><type>EEG</type><channel_count>${channels}</channel_count>` +
    `<nominal_srate>${rate}</nominal_srate><channel_format>${format}</channel_format><source_id>src</source_id><desc/></info>`
  )
}

export function streamHeader(id: number, fields: HeaderFields): Buffer {
  return chunk(2, Buffer.concat([u32(id), Buffer.from(headerXml(fields))]))
}

/** One sample: its stamp (undefined leaves it out, to be deduced) and the bytes of its values. */
export interface SampleBytes {
  time?: number
  values: Buffer
}

export function sampleBytes({ time, values }: SampleBytes): Buffer {
  return Buffer.concat([time === undefined ? Buffer.of(0) : Buffer.concat([Buffer.of(8), f64(time)]), values])
}

export function samples(id: number, list: readonly SampleBytes[], promised = list.length): Buffer {
  return chunk(3, Buffer.concat([u32(id), varInt(promised), ...list.map(sampleBytes)]))
}

export function clockOffset(id: number, time: number, offset: number): Buffer {
  return chunk(4, Buffer.concat([u32(id), f64(time), f64(offset)]))
}

export function boundary(): Buffer {
  return chunk(5, Buffer.from('43a546dccbf5410fb30ed5467383cbe4', 'hex'))
}

export function streamFooter(id: number, xml: string): Buffer {
  return chunk(6, Buffer.concat([u32(id), Buffer.from(xml)]))
}

export function text(value: string, width?: 1 | 4 | 8): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([varInt(bytes.length, width), bytes])
}
