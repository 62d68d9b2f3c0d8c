import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { signIn } from '../../api/session'
import { Field } from '../../components/Field'
import { signInRoute } from '../routes'
import { Door } from './Door'

/** Asks who it is, then goes back to where the reader was. */
export function SignIn() {
  const { from } = signInRoute.useSearch()
  const router = useRouter()
  const entering = useMutation({
    mutationFn: (form: FormData) => signIn(String(form.get('name')), String(form.get('password'))),
    onSuccess: () => router.history.push(from ?? '/'),
  })
  return (
    <Door
      title="Sign in"
      about="On the very first start, open the link with the one-time code that the terminal shows."
      action="Sign in"
      busy={entering.isPending}
      error={entering.error}
      onSubmit={entering.mutate}
    >
      <Field label="Name" name="name" autoComplete="username" autoCapitalize="none" required autoFocus />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
    </Door>
  )
}
