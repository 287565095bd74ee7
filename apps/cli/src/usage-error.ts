/** The command line is wrong: exit code 2, nothing on standard output, nothing was done. `message` is one line that says what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";

  /** `command`: whose help tells more, e.g. `vpcctl vpc create`; null: the one that runs. */
  constructor(message: string, readonly command: string | null = null) {
    super(message);
  }
}
