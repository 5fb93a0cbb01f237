/**
 * What stands between samples and a decision: filters, spectra, epochs, loops, jobs.
 *
 * @module dareplane-utils/signal
 */
import '../require-node.js'

export { bandPower } from './band-power.js'
export type { BandPowerOptions } from './band-power.js'
export { align } from './streams/align.js'
export type { AlignedMarker, AlignedWindow, AlignOptions } from './streams/align.js'
export { derive, derivedInfo } from './streams/derive.js'
export type {
  Derivation,
  DerivedOutletOptions,
  DeriveInput,
  DeriveOutput,
  DeriveStats,
  DeriveOutlet,
  DeriveTarget,
} from './streams/derive.js'
export { epochs } from './streams/epochs.js'
export type { Epochs, EpochsOptions, EpochsStats, MarkerMatch } from './streams/epochs.js'
export type { Epoch, RejectLimits, Rejection } from './streams/epoch.js'
export { onLocalClock } from './streams/on-local-clock.js'
export type { StreamSource } from './streams/source.js'
export { ClockHistory } from './streams/clock-history.js'
export type { ClockMeasurement } from './streams/clock-history.js'
export type { AlignMethod } from './streams/timed-frames.js'
export { defineJob } from './jobs/define-job.js'
export type { DefinedJob, JobBody, JobScope, JobStream } from './jobs/define-job.js'
export { JobOutlet } from './jobs/job-outlet.js'
export type { SharedOutlet } from './jobs/job-outlet.js'
export type { OutletWriter } from './jobs/outlet-writer.js'
export { startJob } from './jobs/start-job.js'
export type { StartJobOptions } from './jobs/start-job.js'
export { butterworth } from './filters/butterworth.js'
export type { ButterworthOptions } from './filters/butterworth.js'
export type { FloatArray } from './copy-values.js'
export { EventLoop } from './event-loop.js'
export type { EventLoopOptions, EventLoopStats, LoopCallback } from './event-loop.js'
export { samplesDue } from './samples-due.js'
export type { SamplesDue, SamplesDueOptions } from './samples-due.js'
export { sleepS, sleepUntil } from './sleep.js'
export { Decimator } from './filters/decimator.js'
export type { DecimatorOptions } from './filters/decimator.js'
export { detrend } from './detrend.js'
export type { DetrendOptions } from './detrend.js'
export { FilterBank } from './filters/filter-bank.js'
export type { FilterBankOptions, FilteredWindow } from './filters/filter-bank.js'
export { movingAverage } from './filters/moving-average.js'
export type { MovingAverage, MovingAverageOptions } from './filters/moving-average.js'
export { notch } from './filters/notch.js'
export type { NotchOptions } from './filters/notch.js'
export { commonAverage, rereference } from './rereference.js'
export type { CommonAverageOptions, RereferenceOptions } from './rereference.js'
export { rollingMeanSd } from './filters/rolling-mean-sd.js'
export type { RollingMeanSd, RollingMeanSdOptions } from './filters/rolling-mean-sd.js'
export type { Section } from './filters/section.js'
export { SosFilter } from './filters/sos-filter.js'
export type { SosFilterOptions } from './filters/sos-filter.js'
export { welch } from './welch.js'
export type { Spectrum, WelchOptions } from './welch.js'
