// What the tests of the documentation share: the pages, and the blocks of code on them.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from './project.js'

export interface Block {
  /** Page and number. */
  readonly where: string
  readonly language: string
  /** Behind the language: 'fragment', or the name of the file that it is. */
  readonly note: string
  readonly code: string
}

/** All pages, from the folder of the project. */
export const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'bench/README.md'],
  ...readdirSync(join(projectFolder, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]

export const readPage = (page: string): string => readFileSync(join(projectFolder, page), 'utf8')

/** The blocks of code in a text, in their order. */
export function blocksOf(where: string, text: string): Block[] {
  return [...text.matchAll(/^```(\w*)(?: ([^\n]+))?\n(.*?)^```$/gms)].map(
    ([, language = '', note = '', code = ''], index) => ({ where: `${where} ${index + 1}`, language, note, code }),
  )
}
