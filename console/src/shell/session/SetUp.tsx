import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { asProblem } from '../../api/problem'
import { setUp } from '../../api/session'
import { LinkButton } from '../../components/Button'
import { Field } from '../../components/Field'
import { setUpRoute } from '../routes'
import { Door } from './Door'

/** Makes the first administrator. */
export function SetUp() {
  const { code } = setUpRoute.useSearch()
  const router = useRouter()
  const making = useMutation({
    mutationFn: (form: FormData) =>
      setUp(String(form.get('code')), String(form.get('name')), String(form.get('password'))),
    onSuccess: () => router.history.push('/'),
  })
  const wrong = (field: string) => (making.error ? asProblem(making.error).about(field) : undefined)
  const refused = making.error !== null && asProblem(making.error).status === 403
  return (
    <Door
      title="Set up DataLab"
      about="You become its first administrator."
      action="Set up and sign in"
      busy={making.isPending}
      error={making.error}
      way={refused && <LinkButton href="/sign-in">Sign in</LinkButton>}
      onSubmit={making.mutate}
    >
      <Field
        label="One-time code"
        name="code"
        defaultValue={code}
        hint="The terminal shows it where the platform was started."
        autoComplete="one-time-code"
        required
        autoFocus={!code}
      />
      <Field label="Your name" name="name" autoComplete="username" autoCapitalize="none" error={wrong('name')} required autoFocus={!!code} />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={12}
        hint="At least 12 characters."
        error={wrong('password')}
        required
      />
    </Door>
  )
}
