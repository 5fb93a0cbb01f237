import { Command } from 'commander'
import { join, parse } from 'node:path'
import { faultsOf } from '../xdf/check-xdf.js'
import { describeXdf } from '../xdf/describe-xdf.js'
import { repairXdf } from '../xdf/repair-xdf.js'
import { say } from './terminal/say.js'
import { progressBar } from './xdf/progress-bar.js'
import { descriptionLines } from './xdf/description-lines.js'
import { writeCsv } from './xdf/write-csv.js'

/** The values of an option that may be given again. */
const collect = (value: string, values?: string[]): string[] => [...(values ?? []), value]

/** `dareplane xdf`: what a recording holds, and what to do with it. */
export function xdfCommand(): Command {
  const command = new Command('xdf').description('look at, check, repair or convert a recording in XDF')
  command
    .command('info')
    .description('show the streams of a recording: rates, durations, gaps, losses, clock offsets')
    .argument('<file>')
    .action(async (file: string) => {
      using progress = progressBar()
      const description = await describeXdf(file, progress.options)
      progress.clear()
      for (const line of descriptionLines(description)) say(line)
      for (const line of description.damage) say(`damaged: ${line}`)
    })
  command
    .command('check')
    .description('tell whether a recording is whole, and holds what it says; exit code 1 if not')
    .argument('<file>')
    .action(async (file: string) => {
      using progress = progressBar()
      const faults = faultsOf(await describeXdf(file, progress.options))
      progress.clear()
      for (const fault of faults) say(fault)
      if (faults.length === 0) say(`${file} is whole`)
      else process.exitCode = 1
    })
  command
    .command('repair')
    .description('write what a cut or damaged recording still holds to a new file that is whole')
    .argument('<file>')
    .option('-o, --output <file>', 'the new file (default: FILE_repaired.xdf)')
    .action(async (file: string, { output = beside(file, '_repaired.xdf') }: { output?: string }) => {
      using progress = progressBar()
      const { streams, damage } = await repairXdf(file, output, progress.options)
      progress.clear()
      for (const line of damage) say(`left out: ${line}`)
      for (const { stream, frames, hadFooter } of streams)
        say(`'${stream.name}' (stream ${stream.id}): ${frames} samples${hadFooter ? '' : ', its end was missing'}`)
      say(`written to ${output}`)
    })
  command
    .command('csv')
    .description('write the streams of a recording as CSV, a file each')
    .argument('<file>')
    .option('--stream <name>', 'only this stream; may be given again', collect)
    .option('--raw', 'stamps as recorded: neither put on one clock nor freed of jitter', false)
    .option('-o, --folder <folder>', 'where to write them (default: beside the recording)')
    .action(async (file: string, { stream, raw, folder }: { stream?: string[]; raw: boolean; folder?: string }) => {
      using progress = progressBar()
      const start = folder === undefined ? beside(file, '') : join(folder, parse(file).name)
      const written = await writeCsv(file, start, { ...(stream && { streams: stream }), raw, ...progress.options })
      progress.clear()
      for (const { path, frames } of written) say(`${path}: ${frames} samples`)
    })
  return command
}

function beside(file: string, ending: string): string {
  const { dir, name } = parse(file)
  return join(dir, `${name}${ending}`)
}
