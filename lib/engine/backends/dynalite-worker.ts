/** DynamoDB: dynalite, persisted in a folder. Runs as a worker (backend.ts). */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { returnRefusedItems } from './dynalite-refusals'

type Options = { path: string; createTableMs: number; deleteTableMs: number; updateTableMs: number }
const dynalite = require('dynalite') as (options: Options) => Server

returnRefusedItems()
// A table is there when the call that made it has answered: nobody gains by waiting half a second for each.
const server = dynalite({ path: workerData.path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 })
// The door's connections are kept as long as it lives: one that ends while a call is on its way is a call that fails.
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => parentPort?.postMessage({ port: (server.address() as AddressInfo).port }))

parentPort?.once('message', () => {
  // A store that cannot be closed within dynalite's own limit is left to the end of the worker.
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
