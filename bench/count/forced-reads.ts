/**
 * Tells the reads that are only made because the engine's DynamoDB (dynalite) does not send the item along with a refused
 * write, as AWS does (`ReturnValuesOnConditionCheckFailure`): a read of that item, right after the refusal.
 */
export class ForcedReads {
  private readonly expected = new Map<string, number>()

  refused(item: string): void {
    this.expected.set(item, (this.expected.get(item) ?? 0) + 1)
  }

  /** Whether this read is one of them. */
  take(item: string): boolean {
    const count = this.expected.get(item) ?? 0
    if (count > 0) this.expected.set(item, count - 1)
    return count > 0
  }
}
