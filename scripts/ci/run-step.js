import { spawn } from 'node:child_process'
import { isWindows } from '../platform.js'

/** After this, processes that do not leave are killed. */
const LEAVE_MS = 10_000
/** How long output is waited for that a process which was left behind may never end. */
const LAST_WORDS_MS = 5000

/** Runs a step to its end or its time limit, shows what it says, and counts it. Answers whether all is well. */
export async function runStep(step, tally) {
  const command = typeof step.command === 'function' ? step.command() : step.command
  const title = `${step.name}: ${command.join(' ')}`
  console.log(`== ${title}`)
  const { output, isGood } = await run(command, step)
  if (step.counts) return tally.tests(title, output, isGood)
  tally.step(title, isGood)
  return isGood
}

function run([program, ...args], { env, minutes, counts }) {
  const piped = counts ? 'pipe' : 'inherit'
  // A group of its own, so that all that it starts can be ended. On Windows npm is a script of cmd.
  const child = spawn(program, args, {
    stdio: ['ignore', piped, piped],
    env: { ...process.env, ...env },
    detached: !isWindows,
    shell: isWindows && program === 'npm',
  })
  let output = ''
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]) {
    from?.setEncoding('utf8').on('data', text => {
      to.write(text)
      output += text
    })
  }
  const stop = () => {
    console.log(`== stopped after ${minutes} minutes`)
    end(child, 'SIGTERM')
    setTimeout(end, LEAVE_MS, child, 'SIGKILL').unref()
  }
  const timer = setTimeout(stop, minutes * 60_000)
  // Whoever ends this ends the step with it.
  const leave = () => {
    end(child, 'SIGKILL')
    process.exit(130)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, leave)
  return new Promise(resolve => {
    const done = isGood => {
      clearTimeout(timer)
      child.stdout?.destroy()
      child.stderr?.destroy()
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, leave)
      resolve({ output, isGood })
    }
    child.once('error', error => {
      console.log(`== ${error.message}`)
      done(false)
    })
    child.once('exit', code => {
      const good = code === 0
      child.once('close', () => done(good))
      setTimeout(done, LAST_WORDS_MS, good).unref()
    })
  })
}

function end(child, signal) {
  if (child.pid === undefined) return
  if (isWindows) spawn('taskkill', ['/PID', String(child.pid), '/T', '/F'], { stdio: 'ignore' })
  else {
    try {
      process.kill(-child.pid, signal)
    } catch {
      // All have left.
    }
  }
}
