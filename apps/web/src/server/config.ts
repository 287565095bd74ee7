/** Everything that can be set from outside, read once by env.ts. */
export interface Config {
  /** Address to listen on; loopback unless said otherwise. */
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** `https://lab.example`: where browsers reach the server, when that is not this machine's loopback. */
  readonly publicUrl: string | null;
  /** Database, keys and sockets. */
  readonly dataDirectory: string;
  /** PostgreSQL; null: the embedded database. */
  readonly databaseUrl: string | null;
  /** Unix socket for the agent on the same machine; null: none. */
  readonly agentSocket: string | null;
  /** An agent on this machine enrols by itself. */
  readonly localAgent: boolean;
  /** File (0600) that the local agent's join token is written to; null: it stands in the ready line. */
  readonly joinTokenFile: string | null;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  /** Next compiles pages on demand. */
  readonly development: boolean;
}
