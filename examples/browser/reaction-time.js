// A paradigm in a plain page: its events are markers on the LSL clock, and it can read the streams that the view knows.
import { connect } from '/dareplane-browser.js'

const text = document.getElementById('text')
const target = document.getElementById('target')

const dareplane = await connect()
// Another name of the stream stands in the address: /serve/?stream=my-paradigm
const markers = dareplane.markers(new URLSearchParams(location.search).get('stream') ?? 'reaction-time')

text.textContent = `${dareplane.streams().length} streams, clock known within ${(1000 * dareplane.uncertaintyS).toFixed(1)} ms`
target.hidden = false

requestAnimationFrame(shownAtMs => {
  void markers.push('stimulus', shownAtMs)
  target.addEventListener('pointerdown', async event => {
    // The browser's own time stamp of the press, not the moment when this runs.
    await markers.push('response', event.timeStamp)
    text.textContent = `${(event.timeStamp - shownAtMs).toFixed(0)} ms`
  })
})
