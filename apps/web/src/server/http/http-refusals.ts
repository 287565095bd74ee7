import type { IncomingMessage } from "node:http";
import type { ErrorCode } from "@vpclab/shared/errors/error-code";
import type { AuditLog } from "../services/audit-log";
import { ANONYMOUS, userActor } from "../services/audit-scope";
import type { SessionService } from "../services/people";
import { peerAddress } from "./peer-address";
import type { TokenCookie } from "./token-cookie";

/** Writes down what was refused before any procedure was asked. It answers nothing, and nobody waits for it. */
export type HttpRefusals = (request: IncomingMessage, action: string, code: ErrorCode) => void;

interface Options {
  readonly auditLog: AuditLog;
  readonly sessions: SessionService;
  readonly cookie: TokenCookie;
}

/** Whose browser it was is worth knowing also when another site has made it ask. */
export function httpRefusals({ auditLog, sessions, cookie }: Options): HttpRefusals {
  return (request, action, code) => {
    const ip = peerAddress(request);
    const token = cookie.read(request);
    const write = (user: Awaited<ReturnType<SessionService["userOf"]>>) =>
      auditLog.refused({ action, actor: user ? userActor(user) : ANONYMOUS, ip, object: null }, code);
    if (token === null) write(null);
    else void sessions.userOf(token).then(write, () => write(null));
  };
}
