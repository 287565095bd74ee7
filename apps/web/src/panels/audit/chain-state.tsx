import type { AuditChain } from "@vpclab/shared/wire/audit-api";
import { escapeControl } from "@vpclab/shared/wire/escape-text";
import clsx from "clsx";
import { ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import { Button } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";

interface ChainStateProps {
  readonly chain: AuditChain;
  readonly verifying: boolean;
  readonly onVerify: () => void;
}

/** Whether the log is as it was written, as far as that is known, and what agents have seen of it. */
export function ChainState({ chain: { head, verified, witnesses }, verifying, onVerify }: ChainStateProps) {
  const fault = verified?.fault ?? null;
  const alarms = witnesses.filter((witness) => witness.fault !== null);
  const bad = fault !== null || alarms.length > 0;
  const Icon = bad ? ShieldAlert : verified ? ShieldCheck : ShieldQuestion;
  return (
    <section aria-label="State of the chain" className={clsx("mb-4 flex items-start gap-3 rounded-box border px-4 py-3", bad ? "border-bad bg-bad-soft" : "border-line bg-surface")}>
      <Icon className={clsx("mt-0.5 size-5 shrink-0", bad ? "text-bad" : verified ? "text-ok" : "text-muted")} aria-hidden />
      <div className="min-w-0 flex-1 text-sm">
        {fault
          ? <p role="alert" className="font-medium text-bad">Not as it was written, first at entry {fault.sequence}: {escapeControl(fault.reason)}.</p>
          : <p>{verified ? `Verified up to entry ${verified.verifiedTo}, ${clockText(verified.at)}, against ${verified.compared} ends of the log that agents have seen.` : "Not verified since the server started."}</p>}
        {alarms.map((witness) => (
          <p key={witness.host} role="alert" className="text-bad">The agent of {escapeControl(witness.host)} contradicts this log at entry {witness.fault?.sequence}: {escapeControl(witness.fault?.reason ?? "")}.</p>
        ))}
        {verified && verified.clockSetBack.length > 0 ? <p className="text-muted">The server’s clock was set back before {verified.clockSetBack.join(", ")}.</p> : null}
        <p className="flex items-center gap-1 text-xs text-muted">
          <span>Head</span><span className="numeric truncate" title={head.hash}>{head.sequence}:{head.hash.slice(0, 16)}…</span>
          <CopyButton text={`${head.sequence}:${head.hash}`} label="Copy the head, to keep it elsewhere" />
        </p>
      </div>
      <Button size="sm" onClick={onVerify} disabled={verifying}>{verifying ? "Verifying…" : "Verify"}</Button>
    </section>
  );
}

const clockText = (at: number): string => new Date(at).toLocaleTimeString("en-GB");
