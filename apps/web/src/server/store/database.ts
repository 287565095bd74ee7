import { PrismaPg } from "@prisma/adapter-pg";
import { Client } from "pg";
import type { ClientConfig } from "pg";
import type { Logger } from "pino";
import { Prisma, PrismaClient } from "../../generated/client";
import { startEmbeddedDatabase } from "./embedded-database";
import { migrate } from "./migrate";

/** The tables: of the database itself, or of an open transaction. */
export type Tables = Prisma.TransactionClient;

export interface Database {
  readonly tables: Tables;
  /**
   * Runs `work` in one transaction. Inside it only the tables passed in may be used: the embedded database has a single
   * connection, and a query beside the transaction would wait for it for ever.
   */
  transaction<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
  /** Names of the migrations that were applied at this start. */
  readonly migrated: readonly string[];
  /** Process id of the embedded database, if that is what this is. */
  embeddedPid(): number | undefined;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgresql://…` of a server; null: the embedded one, in `dataDirectory`. */
  readonly url: string | null;
  readonly dataDirectory: string;
  readonly migrationsDirectory: string;
  readonly log: Logger;
  /** The database is lost for good: the server should end. */
  readonly onFatal: (error: Error) => void;
}

/** Connections to a PostgreSQL server. */
const POOL_MAX = 10;
/**
 * How long a call waits at a PostgreSQL server that others use too: for a connection, for a lock, for an answer. After that it is
 * over and says so; the embedded database has nobody else to wait for.
 */
const WAITS = { connectionTimeoutMillis: 15_000, lock_timeout: 10_000, statement_timeout: 20_000 };
/** Transactions wait for each other, above all on the embedded database's only connection. */
const TRANSACTION = { maxWait: 20_000, timeout: 20_000 };

/** Opens the database and brings its schema up to date. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const embedded = options.url === null ? await startEmbeddedDatabase(options) : null;
  const connection: ClientConfig = embedded
    ? { host: embedded.socketDirectory, port: 5432, user: "postgres", database: "postgres" }
    : { connectionString: options.url ?? "" };
  try {
    const migrated = await migrateOnce(connection, options.migrationsDirectory);
    const client = openClient(embedded ? connection : { ...connection, ...WAITS }, embedded ? 1 : POOL_MAX, options.log);
    return {
      tables: client,
      transaction: (work) => client.$transaction(work, TRANSACTION),
      migrated,
      embeddedPid: () => embedded?.pid(),
      close: async () => {
        await client.$disconnect();
        await embedded?.close();
      },
    };
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

async function migrateOnce(connection: ClientConfig, directory: string): Promise<readonly string[]> {
  const client = new Client(connection);
  await client.connect();
  try {
    return await migrate(client, directory);
  } finally {
    await client.end();
  }
}

function openClient(connection: ClientConfig, max: number, log: Logger): PrismaClient {
  const lost = (error: Error) => log.warn({ reason: error.message }, "a database connection was lost");
  const adapter = new PrismaPg({ ...connection, max }, { onPoolError: lost, onConnectionError: lost });
  return new PrismaClient({ adapter, transactionOptions: TRANSACTION });
}

/** Whether a write failed because a value that must be unique is there already. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
