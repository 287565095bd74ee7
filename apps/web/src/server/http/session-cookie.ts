import type { IncomingMessage } from "node:http";
import type { NewSession } from "../services/people";

export interface SessionCookie {
  read(request: Pick<IncomingMessage, "headers">): string | null;
  /** `Set-Cookie` value; null takes the cookie away. */
  write(session: NewSession | null): string;
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * Browsers keep cookies by host, not by port: the port in the name lets two servers on one machine be used side by side.
 * Behind https the `__Host-` prefix binds the cookie to this host and to secure connections.
 */
export function sessionCookie({ secure, port }: { secure: boolean; port: number }): SessionCookie {
  const name = secure ? "__Host-vpclab" : `vpclab-${port}`;
  return {
    read: (request) => {
      const prefix = `${name}=`;
      const found = (request.headers.cookie ?? "").split(";").map((part) => part.trim()).filter((part) => part.startsWith(prefix));
      const value = found[0]?.slice(prefix.length) ?? "";
      return found.length === 1 && TOKEN.test(value) ? value : null;
    },
    write: (session) =>
      `${name}=${session?.token ?? ""}; Path=/; HttpOnly; SameSite=Lax; Expires=${(session?.expiresAt ?? new Date(0)).toUTCString()}${secure ? "; Secure" : ""}`,
  };
}
