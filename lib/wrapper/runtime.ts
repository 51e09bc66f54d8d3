/** What the module that the plugin generates for each wrapped function requires: built as one file of its own. */
export { wrapModule } from './load'
export { wrapHandler as wrap } from './wrap'
