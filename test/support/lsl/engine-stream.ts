import type { Test } from 'tap'
import type { Engine, EngineInlet, EngineOutlet, InletOptions } from '../../../src/lsl/engine.js'
import { chooseEngine } from '../../../src/lsl/choose-engine.js'
import { StreamInfo } from '../../../src/lsl/stream-info.js'
import type { StreamInfoOptions } from '../../../src/lsl/stream-info.js'
import { uniqueName } from '../loopback.js'

/** An outlet and an engine's inlet on it, not yet opened; both are closed at the end of the test. */
export async function engineStream(
  t: Test,
  options: Partial<StreamInfoOptions> = {},
  inletOptions: Partial<InletOptions> = {},
  library?: string,
): Promise<{ engine: Engine; info: StreamInfo; outlet: EngineOutlet; inlet: EngineInlet }> {
  const engine = chooseEngine({ engine: 'liblsl', ...(library !== undefined && { library }) })
  const asked = new StreamInfo({ name: uniqueName('engine'), channelCount: 2, nominalSrate: 100, ...options })
  const outlet = engine.createOutlet(asked, { chunkSize: 1, maxBufferedS: 60 })
  t.teardown(() => outlet.close())
  const [info] = await engine.resolve(`uid='${outlet.info.uid}'`, { minimum: 1, timeoutS: 10 })
  if (info === undefined) throw new Error(`${asked.toString()} was not found`)
  const inlet = await engine.createInlet(info, { queueFrames: 1000, recover: false, processing: {}, ...inletOptions })
  t.teardown(() => inlet.close())
  return { engine, info, outlet, inlet }
}
