<?php
// Runs a candidate and its tests inside the sandbox; see __init__.py and `_shared/scripts/interpreter.py`.
if (end($argv) === 'warm') {
    pcntl_fork();
}

// What ends tests by their own `exit`.
final class CrosstuneExit extends Error
{
    public function __construct(public readonly mixed $status = 0)
    {
        parent::__construct('exit');
    }
}

function crosstune_flush(): void
{
    while (ob_get_level() > 0 && ob_end_flush()) {
    }
    fflush(STDOUT);
}

// An error that cannot be caught ends the program.
register_shutdown_function(static function (): void {
    $error = error_get_last();
    if ($error && $error['type'] & (E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR)) {
        $is_compiling = $error['type'] === E_COMPILE_ERROR && $error['file'] === CROSSTUNE_CANDIDATE;
        fwrite(fopen('php://fd/4', 'wb'), $is_compiling ? 'failed compile_error' : 'failed runtime_error');
    }
});

function crosstune_fail(string $status, Throwable $error): never
{
    fwrite(STDERR, "PHP: $error\n");
    $report = fopen('php://fd/4', 'wb');
    fwrite($report, "failed $status");
    pcntl_exec('/bin/false'); // no function that is called at the end can change that status
    exit(1);
}

/** Whether an error comes from the tests, and from nothing that they have called. */
function crosstune_is_of_tests(Throwable $error): bool
{
    $files = array_column($error->getTrace(), 'file');
    return $error->getFile() === CROSSTUNE_TESTS && array_diff($files, [CROSSTUNE_TESTS, __FILE__]) === [];
}

// The first statements of a file may only be in its own first place.
const CROSSTUNE_STRICT = '/\A((?:\s|\/\/.*|#.*|\/\*[\s\S]*?\*\/)*)declare\s*\(\s*strict_types\s*=\s*1\s*\)\s*;/';

/** Code as `eval` takes it: without the tag at its beginning. */
function crosstune_opened(string $code): string
{
    $code = preg_replace('/\A#!.*\n/', '', $code);
    if (preg_match('/\A\s*<\?php\b/i', $code)) {
        return preg_replace('/<\?php\b/i', '', $code, 1);
    }
    return preg_match('/<\?(?:php\b|=)/i', $code) ? "?>$code" : $code;
}

/** Tests whose assertions call the function $name, which no candidate knows and no setting disables, and whose `exit` is thrown. */
function crosstune_tests(string $tests, string $name): string
{
    $tokens = PhpToken::tokenize('<?php ' . crosstune_opened($tests));
    $qualifiers = [T_OBJECT_OPERATOR, T_NULLSAFE_OBJECT_OPERATOR, T_DOUBLE_COLON, T_FUNCTION, T_NEW, T_CONST];
    $code = '';
    $before = $tokens[0];
    foreach ($tokens as $at => $token) {
        for ($after = $at + 1; isset($tokens[$after]) && $tokens[$after]->isIgnorable(); $after++) {
        }
        $is_called = ($tokens[$after] ?? null)?->text === '(';
        if ($token->is(T_HALT_COMPILER)) {
            break;
        } elseif ($is_called && !$before->is($qualifiers) && strtolower(ltrim($token->text, '\\')) === 'assert') {
            $code .= "\\$name";
        } elseif ($token->is(T_EXIT)) {
            $code .= 'throw new \CrosstuneExit' . ($is_called ? '' : '()');
        } else {
            $code .= $at === 0 ? '' : $token->text;
        }
        $before = $token->isIgnorable() ? $before : $token;
    }
    return $code;
}

/** What tests begin with, as in the same file as the candidate: strict types, and its namespace, in which PHP's own functions keep their meaning. */
function crosstune_head(string $candidate, string $tests): string
{
    if (preg_match('/\A\s*namespace\s/', $tests)) {
        return '';
    }
    $namespace = preg_match('/^\s*namespace\s+([\w\\\\]+)\s*;/m', $candidate, $found) ? $found[1] : '';
    ['internal' => $internal, 'user' => $user] = get_defined_functions();
    $prefix = strtolower($namespace) . '\\';
    $hidden = array_filter($internal, static fn ($each) => in_array($prefix . $each, $user, true));
    return (preg_match(CROSSTUNE_STRICT, $candidate) ? 'declare(strict_types=1);' : '')
        . ($namespace !== '' ? "namespace $namespace;" . implode('', array_map(static fn ($each) => "use function $each;", $hidden)) : '')
        . 'unset($GLOBALS["crosstune_code"]);';
}

// Candidate and tests, one after the other. Only this generator has the nonce, masked, and nothing has the generator but
// the loop that runs it: no variable, so no function finds it.
function crosstune_parts(): Generator
{
    $payload = fopen('php://fd/3', 'rb');
    stream_set_read_buffer($payload, 0);
    $read = static function () use ($payload): string {
        $size = (int) fgets($payload);
        $text = '';
        while (strlen($text) < $size) {
            $text .= fread($payload, $size - strlen($text));
        }
        return $text;
    };
    $mask = random_bytes(16);
    $masked = '';
    for ($at = 0, $size = (int) fgets($payload); $at < $size; $at += 2) {
        $masked .= chr(hexdec(fread($payload, 2)) ^ ord($mask[$at >> 1]));
    }
    [$candidate, $tests] = [$read(), $read()];
    fclose($payload);
    if (str_starts_with($candidate, "\0")) { // a long one is in a file: see the Interpreter's `closes_payload`
        $candidate = file_get_contents(substr($candidate, 1));
    }
    $candidate = crosstune_opened($candidate);
    $name = 'assert_' . bin2hex(random_bytes(16));
    $tests = crosstune_tests($tests, $name);
    eval("function $name(\$value, \$why = null) { return \$value ? true : throw \$why instanceof Throwable ? \$why : new AssertionError(\$why ?? 'assert'); }");

    yield 'candidate' => $candidate;

    $head = crosstune_head($candidate, $tests);
    $strict = preg_match(CROSSTUNE_STRICT, $tests) && !str_starts_with($head, 'declare') ? 'declare(strict_types=1);' : '';
    yield 'tests' => $strict . $head . preg_replace(CROSSTUNE_STRICT, '$1', $tests);

    crosstune_flush();
    $report = fopen('php://fd/4', 'wb');
    fwrite($report, 'passed ' . bin2hex($masked ^ $mask));
    pcntl_exec('/bin/true'); // PHP takes longer to end than a small program
}

// The two places of `eval` are the names of the two files.
const CROSSTUNE_CANDIDATE = __FILE__ . '(' . (__LINE__ + 6) . ") : eval()'d code";
const CROSSTUNE_TESTS = __FILE__ . '(' . (__LINE__ + 10) . ") : eval()'d code";

try {
    foreach (crosstune_parts() as $crosstune_part => $crosstune_code) {
        if ($crosstune_part === 'candidate') {
            eval($crosstune_code);
            continue;
        }
        unset($crosstune_part);
        try {
            eval($crosstune_code);
        } catch (CrosstuneExit $crosstune_error) {
            if ($crosstune_error->status !== 0 || !crosstune_is_of_tests($crosstune_error)) {
                throw $crosstune_error;
            }
        }
    }
} catch (Throwable $crosstune_error) {
    crosstune_fail(match (true) {
        $crosstune_error instanceof ParseError && $crosstune_error->getFile() === CROSSTUNE_CANDIDATE => 'compile_error',
        str_starts_with($crosstune_error->getMessage(), 'Call to undefined function') => 'runtime_error',
        $crosstune_error->getFile() === CROSSTUNE_TESTS, $crosstune_error instanceof AssertionError => 'wrong_answer',
        default => 'runtime_error',
    }, $crosstune_error);
}
