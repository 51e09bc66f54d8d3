/** What Lambda writes about an invocation itself, in the two log formats. */
export type Report = {
  requestId: string
  /** Milliseconds. */
  duration: number
  /** Milliseconds; only of the first invocation of an environment. */
  initDuration?: number | undefined
  /** MB. */
  memorySize: number
  maxMemoryUsed: number
  status: 'success' | 'error' | 'timeout'
  errorType?: string | undefined
}

/** Developer Guide, monitoring-cloudwatchlogs (Text) and telemetry-schema-reference (JSON). */
export class SystemLines {
  constructor(
    private readonly format: 'Text' | 'JSON',
    private readonly level: 'DEBUG' | 'INFO' | 'WARN',
  ) {}

  start(at: number, requestId: string, version: string, functionArn: string): string[] {
    if (this.format === 'Text') return [`START RequestId: ${requestId} Version: ${version}\n`]
    if (this.level === 'WARN') return []
    return [this.json(at, 'platform.start', { requestId, functionArn, version })]
  }

  end(at: number, report: Report): string[] {
    return this.format === 'Text' ? text(report) : this.jsonReport(at, report)
  }

  private jsonReport(at: number, report: Report): string[] {
    if (this.level === 'WARN' && report.status === 'success') return []
    return [
      this.json(at, 'platform.report', {
        requestId: report.requestId,
        metrics: {
          durationMs: report.duration,
          billedDurationMs: billed(report),
          memorySizeMB: report.memorySize,
          maxMemoryUsedMB: report.maxMemoryUsed,
          ...(report.initDuration === undefined ? {} : { initDurationMs: report.initDuration }),
        },
        ...(report.errorType === undefined ? {} : { errorType: report.errorType }),
        status: report.status,
      }),
    ]
  }

  private json(at: number, type: string, record: object): string {
    return JSON.stringify({ time: new Date(at).toISOString(), type, record })
  }
}

function text(report: Report): string[] {
  const parts = [
    `REPORT RequestId: ${report.requestId}`,
    `Duration: ${report.duration.toFixed(2)} ms`,
    `Billed Duration: ${billed(report)} ms`,
    `Memory Size: ${report.memorySize} MB`,
    `Max Memory Used: ${report.maxMemoryUsed} MB`,
  ]
  if (report.initDuration !== undefined) parts.push(`Init Duration: ${report.initDuration.toFixed(2)} ms`)
  if (report.status !== 'success') parts.push(`Status: ${report.status}`)
  if (report.errorType !== undefined) parts.push(`Error Type: ${report.errorType}`)
  return [`END RequestId: ${report.requestId}\n`, `${parts.join('\t')}\t\n`]
}

function billed(report: Report): number {
  return Math.ceil(report.duration + (report.initDuration ?? 0))
}
