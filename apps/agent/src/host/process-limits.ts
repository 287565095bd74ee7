/** What one program in an instance may use, by setrlimit(2); holds on every host, with cgroups or without. */
export interface ProcessLimits {
  /** Processes and threads of its user; null where it shares the user with others. */
  readonly processes: number | null;
  /** Bytes of its own that one process may have in memory. */
  readonly dataBytes: number;
  readonly openFiles: number;
  readonly fileBytes: number;
}
