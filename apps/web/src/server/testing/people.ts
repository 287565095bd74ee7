import type { Role } from "@vpclab/shared/wire/api";
import { clientFor } from "./test-server";
import type { TestClient, TestServer } from "./test-server";

export const PASSWORD = "correct horse battery";

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly cookie: string;
  readonly client: TestClient;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  /** `WireError` code; null: it succeeded. */
  readonly code: string | null;
  readonly message: string;
  readonly data: unknown;
  /** `Cookie` header of the session that was begun. */
  readonly cookie: string | null;
}

/** One call by plain HTTP, as any program could make it. */
export async function call(
  server: Pick<TestServer, "origin">, path: string, type: "query" | "mutation", input: unknown, headers: Record<string, string> = {},
): Promise<Answer> {
  const all = { origin: server.origin, "content-type": "application/json", "x-vpclab": "1", ...headers };
  const url = `${server.origin}/api/trpc/${path}`;
  const text = JSON.stringify(input);
  const response = type === "mutation"
    ? await fetch(url, { method: "POST", headers: all, body: text ?? "{}" })
    : await fetch(text === undefined ? url : `${url}?input=${encodeURIComponent(text)}`, { headers: all });
  const body = (await response.json()) as { result?: { data: unknown }; error?: { data: { code: string; publicMessage: string } } };
  return {
    status: response.status, code: body.error?.data.code ?? null, message: body.error?.data.publicMessage ?? "", data: body.result?.data,
    cookie: response.headers.get("set-cookie")?.split(";")[0] ?? null,
  };
}

export const signIn = (server: Pick<TestServer, "origin">, name: string, password = PASSWORD): Promise<Answer> =>
  call(server, "auth.signIn", "mutation", { name, password });

export const register = (server: Pick<TestServer, "origin">, code: string, name: string, password = PASSWORD): Promise<Answer> =>
  call(server, "auth.register", "mutation", { code, name, password });

export function personOf(server: TestServer, { data, cookie, ...answer }: Answer): Person {
  if (cookie === null) throw new Error(`nobody was signed in: ${answer.status} ${answer.message}`);
  const me = data as { id: string; name: string };
  const { client, close } = clientFor(server.origin, { cookie, origin: server.origin });
  return { id: me.id, name: me.name, cookie, client, close };
}

/** A new account by an invitation of `inviter`. */
export async function invite(server: TestServer, inviter: TestClient, name: string, role: Role, classId: string | null = null): Promise<Person> {
  const { token } = await inviter.invitation.create.mutate({ role, classId });
  return personOf(server, await register(server, token, name));
}
