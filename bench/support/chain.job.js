// The module's work in a worker job: waits in the ring itself.
import { RingReader } from '../../dist/index.js'
import { chainStep } from './chain-step.js'

export default async ({ kwargs, rings, stopEvent }) => {
  const step = chainStep(kwargs)
  const reader = RingReader.attach(rings[0])
  while (!stopEvent.isSet) if (reader.wait(100)) step(reader.takeNew())
}
