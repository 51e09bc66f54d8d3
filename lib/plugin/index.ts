/** Placeholder until the plugin lands in this session. */
export = class SlipstreamPlugin {}
