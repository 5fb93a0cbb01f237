const SYMBOLS = new Map(
  Object.entries({
    microvolts: 'µV',
    microvolt: 'µV',
    uv: 'µV',
    millivolts: 'mV',
    millivolt: 'mV',
    nanovolts: 'nV',
    volts: 'V',
    volt: 'V',
    microamperes: 'µA',
    milliamperes: 'mA',
    femtotesla: 'fT',
    tesla: 'T',
    microsiemens: 'µS',
    ohms: 'Ω',
    ohm: 'Ω',
    kiloohms: 'kΩ',
    hertz: 'Hz',
    seconds: 's',
    milliseconds: 'ms',
    degrees: '°',
    celsius: '°C',
    percent: '%',
    normalized: '',
    none: '',
  }),
)

/** The symbol of a unit that a stream spells out, as XDF's specification has it; any other unit as it is. */
export function unitSymbol(unit: string): string {
  return SYMBOLS.get(unit.trim().toLowerCase()) ?? unit
}
