#!/usr/bin/env node
import { runBin } from './commands/bin'

void runBin(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
