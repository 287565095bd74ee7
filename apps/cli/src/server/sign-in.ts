import { request } from "node:http";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { SavedSession } from "./sessions-file";
import { saveSession } from "./sessions-file";
import { originOf, unreachable } from "./server-address";

/** Signs in with a one-time link and keeps the session. Answers with the server's origin. Throws AppError. */
export async function signInByLink(configDir: string, link: string): Promise<string> {
  const { origin, token } = parseLink(link);
  await saveSession(configDir, origin, await redeem(origin, token), { chosen: true });
  return origin;
}

/** A session by the server's own socket on this machine: file permissions decide. It is kept where that is possible. */
export async function signInBySocket(configDir: string, url: string, controlSocket: string): Promise<SavedSession> {
  const origin = originOf(url);
  const session = await redeem(origin, parseLink(await mintLink(controlSocket)).token);
  await saveSession(configDir, origin, session, { chosen: false }).catch(() => undefined);
  return session;
}

function parseLink(link: string): { origin: string; token: string } {
  const url = URL.canParse(link.trim()) ? new URL(link.trim()) : null;
  const token = url?.searchParams.get("token");
  if (!url || !token || url.pathname !== "/signin" || !/^https?:$/.test(url.protocol)) {
    throw new AppError("SCHEMA", "This is no sign-in link. Run `npm run signin` where the server runs and give the whole link that it prints: vpcctl signin 'http://…/signin?token=…'");
  }
  return { origin: url.origin, token };
}

/** The answer must be a redirect with our cookie; it is not followed. */
async function redeem(origin: string, token: string): Promise<SavedSession> {
  const address = `${origin}/signin?token=${encodeURIComponent(token)}`;
  const response = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(15_000) }).catch((error: unknown) => { throw unreachable(origin, error); });
  await response.body?.cancel();
  const [cookie = "", ...attributes] = (response.headers.get("set-cookie") ?? "").split("; ");
  if (response.status === 401) {
    throw new AppError("UNAUTHENTICATED", "The link is not valid any more: a link works once, for half an hour. Get another with `npm run signin` where the server runs.");
  }
  if (cookie === "") throw new AppError("UNAUTHENTICATED", `${origin} does not sign in by links: is it a vpclab server?`);
  const expires = attributes.find((attribute) => attribute.startsWith("Expires="))?.slice("Expires=".length);
  return { cookie, expiresAt: expires === undefined ? Date.now() + 60 * 60_000 : Date.parse(expires) };
}

function mintLink(controlSocket: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const failed = (why: string) => reject(new AppError("UNAUTHENTICATED", `The server's socket ${controlSocket} gives no sign-in: ${why}. Use the account that runs vpclab (or sudo), or: vpcctl signin LINK`));
    const asked = request({ socketPath: controlSocket, path: "/sign-in", method: "POST", timeout: 15_000 }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("end", () => (response.statusCode === 200 ? resolve((JSON.parse(text) as { url: string }).url) : failed(`status ${response.statusCode ?? 0}`)));
    });
    asked.once("timeout", () => asked.destroy(new Error("no answer")));
    asked.once("error", (error: NodeJS.ErrnoException) => failed(error.code === "EACCES" ? "it belongs to another user" : error.message));
    asked.end();
  });
}
