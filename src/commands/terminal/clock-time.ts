import { localClock } from '../../clock.js'

const DAY_S = 86_400

/** The time of day, `12:03:44.123`, of a moment on the LSL clock; a stamp that is no time of these days as the number it is. */
export function clockTime(stampS: number): string {
  const agoS = localClock() - stampS
  if (!(Math.abs(agoS) < DAY_S)) return stampS.toFixed(4)
  const at = new Date(Date.now() - agoS * 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
  return `${time}.${String(at.getMilliseconds()).padStart(3, '0')}`
}
