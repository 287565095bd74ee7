"use client";

import type { ProbeResult } from "@vpclab/shared/wire/live";
import { CircleAlert, Clipboard } from "lucide-react";
import { toast } from "sonner";
import { useEditorState, useLive } from "../../canvas/state/editor-context";
import { Button } from "../../ui/button";

/**
 * Promise and packet differ. While the drawing is not applied as it stands that is no wonder; otherwise one of the two is
 * wrong, and everything needed to find out which can be copied.
 */
export function Disagreement({ result }: { readonly result: ProbeResult }) {
  const document = useEditorState((state) => state.document);
  const pending = useLive(({ plan, deployment }) => deployment.state !== "in-place" || (plan?.changes.length ?? 0) > 0);
  const words = `Expected: ${result.expected.reachable ? "reachable" : "not reachable"}. Measured: ${result.outcome === "timeout" ? "no answer" : result.outcome}. The two disagree`;
  const report = async () => {
    try {
      await navigator.clipboard.writeText(`${JSON.stringify({ result, document }, null, 2)}\n`);
      toast.success("The report is copied: question, promise, measurement and drawing.");
    } catch {
      toast.error("The browser does not allow copying here.");
    }
  };
  return (
    <div role="alert" className="flex flex-col items-start gap-2 rounded-box border border-bad bg-bad-soft px-3 py-2 text-sm text-bad">
      <p className="flex items-start gap-2 font-medium">
        <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
        {pending ? `${words}: the drawing is not applied as it stands. Apply it, then test again.` : `${words}, although the drawing is applied. That must not be: report it.`}
      </p>
      {pending ? null : <Button size="sm" look="danger" onClick={() => void report()}><Clipboard className="size-3.5" aria-hidden />Copy the report</Button>}
    </div>
  );
}
