import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** A sign-in at one server. The cookie is a secret: it is never printed and never logged. */
export interface SavedSession {
  /** `name=value`, as the `Cookie` header has it. */
  readonly cookie: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

interface SessionsFile {
  /** Server that was signed in to last by a link; null: none. A session got by the control socket does not count. */
  readonly chosen: string | null;
  /** By origin. */
  readonly sessions: Readonly<Record<string, SavedSession>>;
}

const EMPTY: SessionsFile = { chosen: null, sessions: {} };
const FILE = "sessions.json";

export async function readSession(configDir: string, origin: string): Promise<SavedSession | null> {
  const session = (await readSessions(configDir)).sessions[origin];
  return session && session.expiresAt > Date.now() ? session : null;
}

export async function chosenServer(configDir: string): Promise<string | null> {
  const { chosen } = await readSessions(configDir);
  return chosen === null || (await readSession(configDir, chosen)) === null ? null : chosen;
}

/** `chosen`: it becomes the server that is worked on where nothing else is said. */
export async function saveSession(configDir: string, origin: string, session: SavedSession, { chosen }: { chosen: boolean }): Promise<void> {
  const file = await readSessions(configDir);
  const now = Date.now();
  const live = Object.entries(file.sessions).filter(([, { expiresAt }]) => expiresAt > now);
  await writeSessions(configDir, { chosen: chosen ? origin : file.chosen, sessions: { ...Object.fromEntries(live), [origin]: session } });
}

/** Forgets one server, or all (null). Answers with the origins that are forgotten. */
export async function removeSessions(configDir: string, origin: string | null): Promise<readonly string[]> {
  const { chosen, sessions } = await readSessions(configDir);
  const gone = Object.keys(sessions).filter((known) => origin === null || known === origin);
  if (gone.length === 0) return [];
  const left = Object.fromEntries(Object.entries(sessions).filter(([known]) => !gone.includes(known)));
  await writeSessions(configDir, { chosen: chosen !== null && chosen in left ? chosen : null, sessions: left });
  return gone;
}

/** A file that is missing or spoilt is as good as none: one signs in again. */
async function readSessions(configDir: string): Promise<SessionsFile> {
  const text = await readFile(join(configDir, FILE), "utf8").catch(() => "");
  try {
    const { chosen, sessions } = JSON.parse(text) as Partial<SessionsFile>;
    const whole = Object.entries(sessions ?? {}).filter(([, session]) => isSession(session));
    return { chosen: typeof chosen === "string" ? chosen : null, sessions: Object.fromEntries(whole) };
  } catch {
    return EMPTY;
  }
}

/** A header value that cannot carry a second header. */
const COOKIE = /^[A-Za-z0-9_-]{1,64}=[A-Za-z0-9_-]{1,128}$/;

function isSession(value: unknown): value is SavedSession {
  const { cookie, expiresAt } = (value ?? {}) as Partial<SavedSession>;
  return typeof cookie === "string" && COOKIE.test(cookie) && typeof expiresAt === "number";
}

/** Another program reads the old file or the new one, never half of it; nobody else may read either. */
async function writeSessions(configDir: string, file: SessionsFile): Promise<void> {
  await mkdir(configDir, { recursive: true, mode: 0o700 });
  await chmod(configDir, 0o700);
  const path = join(configDir, FILE);
  const draft = `${path}.${process.pid}`;
  await rm(draft, { force: true });
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(file, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
}
