import { say } from './say.js'
import { withModule } from './modules.js'
import type { ModuleAddress } from './modules.js'

/** Sends STOP to one module and says what is known of its effect. Answers whether it was confirmed. */
export async function stopModule(address: ModuleAddress, timeoutS: number): Promise<boolean> {
  const where = `${address.host}:${address.port}`
  try {
    return await withModule(address, timeoutS, async client => {
      const { outcome, tookMs, jobs = 0, ended = 0 } = await client.stop({ timeoutMs: timeoutS * 1000 })
      const took = `${tookMs.toFixed(1)} ms`
      const isConfirmed = outcome === 'reported' && ended === jobs
      if (outcome === 'silent') say(`${where} ${client.name}: STOP NOT CONFIRMED, no answer within ${timeoutS} s`)
      else if (outcome === 'answered')
        say(`${where} ${client.name}: answered behind the STOP after ${took}; it does not report its jobs`)
      else if (isConfirmed) say(`${where} ${client.name}: stopped in ${took}, ${ended} of ${jobs} jobs ended`)
      else say(`${where} ${client.name}: STOP NOT CONFIRMED, ${jobs - ended} of ${jobs} jobs are still there`)
      return outcome === 'answered' || isConfirmed
    })
  } catch (error) {
    say(`${where}: STOP NOT CONFIRMED, ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}
