"use client";

import type { ActivityEntry, ActivitySummary } from "@vpclab/shared/wire/activity";
import { activityScript } from "@vpclab/shared/wire/activity-script";
import { useQuery } from "@tanstack/react-query";
import { Check, Copy, Download } from "lucide-react";
import { useState } from "react";
import { useEditor } from "../../canvas/state/editor-context";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { failureOf } from "../call-failure";
import { downloadText } from "../download-text";

/** An entry in full: the whole sentence, why it failed, and the commands, to read, to copy and to run again. */
export function ActivityCommands({ entry }: { readonly entry: ActivitySummary }) {
  const { api } = useEditor();
  const hasCommands = entry.commandCount > 0;
  const { data, error } = useQuery({ queryKey: ["activity-entry", entry.id], queryFn: () => api.activityEntry(entry.id), enabled: hasCommands, staleTime: Infinity });
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm break-words">{entry.text}</p>
      {entry.reason ? <p className="text-sm break-words text-bad">{entry.reason}</p> : null}
      {error ? <ErrorLine>{failureOf(error).message}</ErrorLine> : null}
      {hasCommands ? (data ? <Commands entry={data} /> : <p role="status" className="text-xs text-muted">Fetching its commands.</p>) : <p className="text-xs text-muted">No Linux command ran for it.</p>}
    </div>
  );
}

function Commands({ entry }: { readonly entry: ActivityEntry }) {
  const { commands, commandsLeftOut } = entry;
  const count = commandsLeftOut > 0 ? `The first ${commands.length} of ${commands.length + commandsLeftOut} commands` : `${commands.length} command${commands.length === 1 ? "" : "s"}`;
  const fileName = `${entry.topologyName ?? "host"}-${entry.action}-${new Date(entry.at).toISOString().slice(0, 19).replaceAll(":", "")}.sh`;
  return (
    <>
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 text-xs text-muted">{count}, as root in this order.</span>
        <CopyScript script={activityScript(entry)} />
        <Button size="sm" onClick={() => downloadText(fileName, activityScript(entry), "text/x-shellscript")}><Download className="size-3.5" aria-hidden />Download</Button>
      </div>
      <pre tabIndex={0} aria-label="Linux commands" className="numeric max-h-72 overflow-auto rounded-box border border-line bg-raised p-2 text-xs leading-5 whitespace-pre">{commands.join("\n")}</pre>
    </>
  );
}

/** The clipboard is missing on plain HTTP from another machine: then there is the download. */
function CopyScript({ script }: { readonly script: string }) {
  const [words, setWords] = useState("Copy as script");
  const copy = () => void navigator.clipboard?.writeText(script).then(() => setWords("Copied"), () => setWords("Not allowed here"));
  return (
    <Button size="sm" onClick={() => (navigator.clipboard ? copy() : setWords("Not allowed here"))} onBlur={() => setWords("Copy as script")}>
      {words === "Copied" ? <Check className="size-3.5 text-ok" aria-hidden /> : <Copy className="size-3.5" aria-hidden />}{words}
    </Button>
  );
}
