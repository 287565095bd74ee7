import type { IncomingMessage } from "node:http";

export interface TokenCookie {
  read(request: Pick<IncomingMessage, "headers">): string | null;
  /** `Set-Cookie` value; null takes the cookie away. */
  write(kept: { readonly token: string; readonly expiresAt: Date } | null): string;
}

interface Options {
  readonly name: string;
  readonly path: string;
  readonly sameSite: "Lax" | "Strict";
  readonly secure: boolean;
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A cookie that holds a secret and that no script reads. One that comes twice counts as none. */
export function tokenCookie({ name, path, sameSite, secure }: Options): TokenCookie {
  return {
    read: (request) => {
      const prefix = `${name}=`;
      const found = (request.headers.cookie ?? "").split(";").map((part) => part.trim()).filter((part) => part.startsWith(prefix));
      const value = found[0]?.slice(prefix.length) ?? "";
      return found.length === 1 && TOKEN.test(value) ? value : null;
    },
    write: (kept) =>
      `${name}=${kept?.token ?? ""}; Path=${path}; HttpOnly; SameSite=${sameSite}; Expires=${(kept?.expiresAt ?? new Date(0)).toUTCString()}${secure ? "; Secure" : ""}`,
  };
}
