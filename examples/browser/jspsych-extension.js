// A jsPsych extension: every trial begins and ends with a marker on the LSL clock, and its data get the LSL time of its start.
//
//   import { DareplaneExtension } from './jspsych-extension.js'
//   await DareplaneExtension.connect({ stream: 'my-paradigm' })
//   const jsPsych = initJsPsych({ extensions: [{ type: DareplaneExtension }] })
//   await jsPsych.run([{ type: jsPsychHtmlKeyboardResponse, stimulus: 'x', extensions: [{ type: DareplaneExtension, params: { marker: 'x' } }] }])
import { connect } from '/dareplane-browser.js'

export class DareplaneExtension {
  static info = { name: 'dareplane', version: '1.0.0', data: { lsl_time: { type: 'FLOAT' } } }
  static #dareplane
  static #markers

  /** To be awaited before jsPsych runs, which does not wait for its extensions: without a view the experiment does not begin. */
  static async connect({ stream = 'jspsych', url } = {}) {
    this.#dareplane = await connect(url)
    this.#markers = this.#dareplane.markers(stream)
  }

  initialize() {
    if (DareplaneExtension.#markers === undefined)
      throw new Error('await DareplaneExtension.connect() before jsPsych.run()')
  }

  on_start() {}

  on_load({ marker = 'trial' } = {}) {
    this.marker = marker
    this.startedAt = DareplaneExtension.#dareplane.localClock()
    void DareplaneExtension.#markers.push(`${marker}/start`)
  }

  on_finish() {
    void DareplaneExtension.#markers.push(`${this.marker}/end`)
    return { lsl_time: this.startedAt }
  }
}
