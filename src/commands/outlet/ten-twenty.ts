/** Electrode names of the 10-20 system, then of its 10-10 extension, from the most to the least usual. */
const LABELS = (
  'Fp1 Fp2 F7 F3 Fz F4 F8 T7 C3 Cz C4 T8 P7 P3 Pz P4 P8 O1 Oz O2 Fpz ' +
  'AF3 AF4 FC5 FC1 FC2 FC6 CP5 CP1 CP2 CP6 PO3 PO4 AF7 AF8 F5 F1 F2 F6 FT7 FC3 FCz FC4 FT8 C5 C1 C2 C6 ' +
  'TP7 CP3 CPz CP4 TP8 P5 P1 P2 P6 PO7 POz PO8 FT9 FT10 TP9 TP10'
).split(' ')

/** `count` different electrode names; what goes beyond a 64-electrode cap is numbered. */
export function electrodeLabels(count: number): string[] {
  return Array.from({ length: count }, (_, c) => LABELS[c] ?? `EEG${c + 1}`)
}
