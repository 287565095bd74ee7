"use client";

import { useState } from "react";
import type { ReactNode } from "react";
import { Button } from "../../ui/button";
import { ErrorLine } from "../../ui/error-line";
import { FormField } from "./form-field";
import { useForm } from "./use-form";

interface NewAccountFormProps {
  readonly action: string;
  readonly initialName?: string;
  readonly send: (account: { readonly name: string; readonly password: string }) => Promise<unknown>;
  /** More fields, above the others. */
  readonly children?: (errorOf: (field: string) => string | null) => ReactNode;
}

/** A name and a password of one's own, and the page that follows. */
export function NewAccountForm({ action, initialName = "", send, children }: NewAccountFormProps) {
  const [name, setName] = useState(initialName);
  const [password, setPassword] = useState("");
  const form = useForm(async () => {
    await send({ name, password });
    window.location.assign("/");
  });
  return (
    <form method="post" onSubmit={form.submit} className="flex flex-col gap-4">
      {children?.(form.errorOf)}
      <FormField label="Name" value={name} onChange={setName} autoComplete="username" required error={form.errorOf("name")} hint="You sign in with it; others see it." />
      <FormField
        label="Password" type="password" value={password} onChange={setPassword} autoComplete="new-password" required error={form.errorOf("password")}
        hint="At least 12 characters; a few words are easier to keep than signs."
      />
      {form.error ? <ErrorLine>{form.error}</ErrorLine> : null}
      <Button type="submit" look="primary" disabled={!form.ready} className="h-9">{action}</Button>
    </form>
  );
}
