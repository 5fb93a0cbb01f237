import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { ENGINE_VARIABLE } from '../../../src/lsl/choose-engine.js'
import type { EngineOptions } from '../../../src/lsl/choose-engine.js'
import { readXdf } from '../../../src/xdf/read-xdf.js'
import { AS_RECORDED } from '../../../src/xdf/stamps/stamp-correction.js'
import { Dareplane } from '../dareplane.js'
import { uniqueName } from '../loopback.js'
import { loopbackConfig } from '../project.js'
import { encode, Peer } from '../interop/peer.js'
import type { Described } from '../interop/peer.js'
import { recording } from '../xdf/recordings.js'

/** Larger than any recording, so that a reader that is slower than the replay loses nothing either. */
const bufferSamples = 32_768
const SPEED = 300

/** Each recording with the frames of each of its streams. */
export const RECORDED_FRAMES = [
  ['clock_resets.xdf', [175, 27_815]],
  ['minimal.xdf', [9, 9]],
  ['empty_streams.xdf', [0, 10, 1, 0]],
] as const

/** A folder with the loopback configuration and a session of its own: recordings have the names they have, and others replay them too. */
function isolatedSession(t: Test): string {
  const config = readFileSync(loopbackConfig, 'utf8')
  return t.testdir({ 'lsl_api.cfg': config.replace('[lab]', `[lab]\nSessionID = ${uniqueName('session')}`) })
}

interface Ends {
  readonly outlet: EngineOptions
  readonly inlet: EngineOptions
}

/**
 * Replays a recording in one process, with its own stamps and accelerated, receives every stream of it in another, each in a
 * StreamWatcher, and compares bit for bit. Answers the frames of each stream.
 */
export async function arrivesWhole(
  t: Test,
  file: Parameters<typeof recording>[0],
  { outlet, inlet }: Ends,
): Promise<number[]> {
  const path = recording(file).file
  const recorded = await readXdf(path, AS_RECORDED)
  const folder = isolatedSession(t)
  const env = {
    LSLAPICFG: join(folder, 'lsl_api.cfg'),
    [ENGINE_VARIABLE]: outlet.engine ?? '',
    ...(outlet.library !== undefined && { LSL_LIB: outlet.library }),
  }
  const args = ['--speed', String(SPEED), '--stamps', 'original', '--wait-consumers', '60', '--linger', '10']
  await using replay = new Dareplane(['outlet', '--xdf', path, ...args], env, folder)
  await using peer = Peer.ours(env, folder)
  await replay.line(/^ready/)
  for (const { name, type, nominalSrate } of recorded) {
    const described = await peer.ask<Described>('inlet', { key: name, name, bufferSamples, ...inlet })
    t.match(described, { type, rate: nominalSrate })
  }
  for (const { name, channelFormat, samples, times } of recorded) {
    if (times.length === 0) continue
    const got = await peer.pull(name, channelFormat, times.length, 60)
    t.equal(got.lost, 0, `lost of ${name}`)
    t.equal(encode(Float64Array.from(got.stamps)), encode(times), `stamps of ${name}`)
    if (Array.isArray(samples)) t.strictSame(got.values, samples, `values of ${name}`)
    else t.equal(encode(got.values as Float32Array), encode(samples), `values of ${name}`)
  }
  await replay.line(/^sent /)
  for (const { name, times } of recorded) {
    const expected = { frames: times.length, lost: 0, overflows: 0, lapped: 0, reconnections: 0 }
    t.match(await peer.ask<object>('stats', { key: name }), expected, `all of ${name} and no more`)
  }
  // While it lingers for the inlets: once they are closed it ends by itself.
  t.match(await replay.interrupt(), { code: 0, stderr: '' })
  for (const { name } of recorded) await peer.ask('close', { key: name })
  return recorded.map(({ times }) => times.length)
}
