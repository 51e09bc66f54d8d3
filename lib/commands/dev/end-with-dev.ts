/**
 * Preloaded into the deployment alone. A `sls tasks dev` that was killed must not leave it running: it would go on against
 * the next engine at the same port, beside that one's own deployment.
 */
import { dieWithEngine } from '../../engine/lambda/runtime/watch'

dieWithEngine()
