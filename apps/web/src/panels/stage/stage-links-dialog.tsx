"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useEditorState } from "../../canvas/state/editor-context";
import { useTRPC, useTRPCClient } from "../../trpc/trpc";
import { Button } from "../../ui/button";
import { CopyButton } from "../../ui/copy-button";
import { Dialog } from "../../ui/dialog";
import { ErrorLine } from "../../ui/error-line";
import { SelectField } from "../../ui/select-field";
import { failureOf } from "../call-failure";

const HOURS = [{ value: "2", label: "2 hours" }, { value: "8", label: "8 hours" }, { value: "24", label: "a day" }, { value: "168", label: "a week" }];

/** Links that show this topology to an audience: made, listed and revoked here. */
export function StageLinksDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} wide title="Stage links" description="Whoever has a link sees this topology live, with your pointer, without an account. It shows no people, hosts or logs, and changes nothing.">
      {open ? <StageLinks /> : null}
    </Dialog>
  );
}

function StageLinks() {
  const id = useEditorState((state) => state.topologyId);
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const { data: links, error } = useQuery(trpc.stage.list.queryOptions({ id }, { staleTime: 0, refetchInterval: 5_000 }));
  const [hours, setHours] = useState("2");
  const [made, setMade] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const change = async (work: () => Promise<unknown>) => {
    try {
      await work();
      setFailure(null);
    } catch (thrown) {
      setFailure(failureOf(thrown).message);
    }
    await queries.invalidateQueries({ queryKey: trpc.stage.list.queryKey({ id }) });
  };
  const make = () => change(async () => {
    const { token } = await client.stage.create.mutate({ id, hours: Number(hours) });
    setMade(`${window.location.origin}/stage#${token}`);
  });
  const trouble = failure ?? (error ? failureOf(error).message : null);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-end gap-3">
        <div className="w-40"><SelectField label="Works for" value={hours} options={HOURS} onChange={setHours} /></div>
        <Button look="primary" onClick={() => void make()}>Make a link</Button>
      </div>
      {made ? (
        <div className="flex items-center gap-2 rounded-box border border-line bg-raised py-2 pr-2 pl-3">
          <output aria-label="New stage link" className="numeric min-w-0 flex-1 text-sm break-all">{made}</output>
          <CopyButton text={made} label="Copy" />
        </div>
      ) : null}
      {made ? <p className="-mt-2 text-xs text-muted">It is told once; the server keeps a hash of it.</p> : null}
      {trouble ? <ErrorLine>{trouble}</ErrorLine> : null}
      <ul aria-label="Stage links" className="divide-y divide-line rounded-box border border-line">
        {links?.length === 0 ? <li className="px-3 py-2 text-sm text-muted">No link is open.</li> : null}
        {(links ?? []).map((link) => (
          <li key={link.id} className="flex h-11 items-center gap-3 px-3 text-sm">
            <span>{`by ${link.createdBy}, until ${new Date(link.expiresAt).toLocaleString("en-GB", { dateStyle: "short", timeStyle: "short" })}`}</span>
            <span className="numeric text-xs text-muted">{link.audience === 0 ? "nobody looks" : `${link.audience} ${link.audience === 1 ? "looks" : "look"}`}</span>
            <Button size="sm" look="danger" className="ml-auto" onClick={() => void change(() => client.stage.revoke.mutate({ id, linkId: link.id }))}>Revoke</Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
