// Confines LSL to this machine and names the library; imported first by every bench that touches LSL. The newest library
// at hand: what the environment names, the one of the interop peers, the old one that npm brings.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { libraryCandidates } from '../../dist/lsl/liblsl/find-library.js'
import { platform } from '../../dist/system/platform.js'

const root = join(import.meta.dirname, '..', '..')
// Old libraries read lsl_api.cfg in the working directory, newer ones LSLAPICFG.
const folder = join(root, 'loopback')
process.chdir(folder)
process.env.LSLAPICFG = join(folder, 'lsl_api.cfg')

const OLD = { linux: 'liblsl64.so', darwin: 'liblsl64.dylib', windows: 'liblsl64.dll' }

function library() {
  // .venv, or the virtual environment of INTEROP_PYTHON: its bin is beside its lib.
  const venv = process.env.INTEROP_PYTHON ? dirname(dirname(process.env.INTEROP_PYTHON)) : join(root, '.venv')
  const peers = libraryCandidates(undefined, { VIRTUAL_ENV: venv })
  const old = dirname(createRequire(import.meta.url).resolve('node-lsl/package.json'))
  return peers.find(({ path }) => existsSync(path))?.path ?? join(old, 'prebuilt', OLD[platform()] ?? OLD.linux)
}

process.env.LSL_LIB ||= library()
if (!existsSync(process.env.LSL_LIB)) throw new Error(`LSL_LIB names ${process.env.LSL_LIB}, which does not exist`)
