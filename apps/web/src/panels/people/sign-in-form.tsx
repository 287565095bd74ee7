"use client";

import Link from "next/link";
import { useState } from "react";
import { useTRPCClient } from "../../trpc/trpc";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { EntryCard } from "./entry-card";
import { FormField } from "./form-field";
import { useForm } from "./use-form";

export function SignInForm() {
  const client = useTRPCClient();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const form = useForm(async () => {
    await client.auth.signIn.mutate({ name, password });
    // A new page: nothing of whoever was here before stays in memory.
    window.location.assign("/");
  });
  return (
    <EntryCard title="Sign in" below={<>Got a code for a class? <Link href="/join" className="text-accent underline">Join</Link></>}>
      <form method="post" onSubmit={form.submit} className="flex flex-col gap-4">
        <FormField label="Name" value={name} onChange={setName} autoComplete="username" autoFocus required error={form.errorOf("name")} />
        <FormField label="Password" type="password" value={password} onChange={setPassword} autoComplete="current-password" required error={form.errorOf("password")} />
        {form.error ? <ErrorLine>{form.error}</ErrorLine> : null}
        <Button type="submit" look="primary" disabled={!form.ready} className="h-9">{form.busy ? "Signing in" : "Sign in"}</Button>
        <p className="text-xs text-muted">Forgot your password? Your instructor or an administrator can give you a link. On the server itself, <code className="numeric">npm run signin</code> prints one.</p>
      </form>
    </EntryCard>
  );
}
