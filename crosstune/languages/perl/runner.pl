# Runs a candidate and its tests inside the sandbox; see __init__.py and `_shared/scripts/interpreter.py`. No lexical
# variable of this file is in scope where the candidate is evaluated.
BEGIN {
  my $warm = @ARGV && $ARGV[-1] eq 'warm';
  pop @ARGV if $warm;
  require $_ for qw(strict.pm warnings.pm overload.pm), splice @ARGV;
  fork if $warm;

  my $random = do { open my $file, '<', '/dev/urandom' or die; sysread $file, my $bytes, 64; $bytes };
  my $name = sub { unpack 'H*', substr $random, 0, 16, '' };
  my ($path, $token, $mask) = ('tests-' . $name->() . '.pl', $name->(), substr $random, 0, 16, '');

  my ($candidate, $tests, $masked, $report);
  my $payload = sub {
    open my $payload, '<&=', 3 or die;
    open $report, '>&=', 4 or die;
    my $text = sub {
      my ($size, $digit, $read) = ('', '', '');
      $size .= $digit while sysread($payload, $digit, 1) && $digit ne "\n";
      while (length $read < $size) { sysread $payload, $read, $size - length $read, length $read or die }
      $read;
    };
    my $nonce = $text->();
    $masked = $mask ^ pack 'H*', $nonce;
    substr $nonce, 0, 32, "\0" x 32;
    ($candidate, $tests) = ($text->(), $text->());
    close $payload;
  };
  $payload->();
  $tests =~ s/^__(?:END|DATA)__$.*//ms;
  my %tested = map { $_ => 1 } $tests =~ /\b([A-Z]\w*(?:::\w+)*)/g;
  my @own = $tests =~ /^\s*sub\s+(\w+)/mg;
  my %own;

  # What decides in tests: these definitions hold again when the tests begin, and still when they have ended.
  my %saved;
  for my $module (grep /^Test\b.*\.pm$/, keys %INC) {
    (my $package = $module) =~ s/\.pm$//;
    $package =~ s{/}{::}g;
    no strict 'refs';
    for my $each (grep defined &{"${package}::$_"}, keys %{"${package}::"}) {
      $saved{"${package}::$each"} = \&{"${package}::$each"};
    }
  }
  my $changed = sub { grep { no strict 'refs'; !defined &$_ || \&$_ != $saved{$_} } keys %saved };

  # An object of the candidate's equals no plain value where the tests compare, unless they name its class.
  my %answers = ('==' => !1, 'eq' => !1, '!=' => 1, 'ne' => 1, map { $_ => undef } qw(<=> cmp < <= > >= lt le gt ge - abs ~~));
  my $overload = \&overload::OVERLOAD;
  my $strict = sub {
    my ($operator, $code) = @_;
    sub {
      my $from = (caller 0)[1];
      return ref $code ? goto &$code : shift->$code(@_)
        if ref $_[1] && ref $_[1] ne 'SCALAR' || $from ne $path && $from !~ m{/Test/|/Test\.pm$};
      defined $answers{$operator} ? $answers{$operator} : die "an object in the place of a plain value at $path line 0.\n";
    }
  };
  { no warnings 'redefine';
    *overload::OVERLOAD = sub {
      my ($package, %operators) = @_;
      for my $each ($tested{$package} ? () : grep exists $answers{$_}, keys %operators) {
        $operators{$each} = $strict->($each, $operators{$each});
      }
      $overload->($package, %operators);
    };
  }

  my $end = sub {
    my ($failure) = @_;
    my $selected = select STDOUT;
    $| = 1; # flushes it
    select $selected;
    syswrite $report, $failure ? "failed $failure" : 'passed ' . unpack 'H*', $masked ^ $mask;
    CORE::exit(0) unless $failure;
    exec { '/bin/false' } 'false'; # no END block can change that status
  };

  # Test::Builder knows whether its tests have failed, and whether all have run.
  my $complete = sub {
    my $builder = $INC{'Test/Builder.pm'} ? Test::Builder->new : return 1;
    my $plan = $builder->has_plan || 'none';
    return !$builder->current_test || $builder->is_passing && ($plan eq 'no_plan' || $plan eq $builder->current_test);
  };
  my (%begun, $compiled);
  my $finish = sub {
    no strict 'refs';
    my $owned = !grep { !defined &{"main::$_"} || \&{"main::$_"} != $own{$_} } keys %own;
    $end->($owned && !$changed->() && $complete->() ? '' : 'wrong_answer');
  };
  my $failed = sub {
    my ($error) = @_;
    print STDERR $error;
    my $missing = $error =~ /^Undefined subroutine &/;
    $end->($error =~ /at \Q$path\E line \d/ && !$missing ? 'wrong_answer' : 'runtime_error');
  };

  # Tests may end by themselves; a candidate's exit is no end.
  my $runner = __FILE__;
  my $exit = sub {
    my $status = @_ ? $_[0] : 0;
    my ($depth, $from) = (0);
    while (defined($from = (caller $depth++)[1])) {
      CORE::exit($status) unless $from eq $path || $from eq $runner || $from =~ m{/Test/};
    }
    $status ? $end->('wrong_answer') : $finish->();
  };

  # These names exist until the tests have been compiled. What they do for the tests they do for nobody else: no other
  # code comes from a file of that name.
  my $for_tests = sub { !$begun{$_[0]} && (caller 1)[1] eq $path && ($begun{$_[0]} = 1) };
  no warnings 'once';
  *Crosstune::candidate = sub {
    "#line 1 \"candidate.pl\"\n$candidate\n;\n"
      . "#line 1 \"$path\"\nBEGIN { Crosstune::compiled() }\nCrosstune::ended(scalar(eval Crosstune::tests()), \$@);";
  };
  *Crosstune::compiled = sub { $compiled = 1 if $for_tests->('compiled') };
  *Crosstune::tests = sub {
    return '' unless $for_tests->('tests');
    no strict 'refs';
    no warnings 'redefine';
    *$_ = $saved{$_} for $changed->();
    delete $CORE::GLOBAL::{$_}, defined &{"main::$_"} && delete $main::{$_} for qw(die exit abs ref join length lc uc int sprintf);
    *{'CORE::GLOBAL::exit'} = $exit;
    my $text = "BEGIN { Crosstune::literals() }\n#line 1 \"$path\"\n$tests\n;\n#line 1 \"$path\"\nBEGIN { Crosstune::own() } '$token'";
    $tests = '';
    $text;
  };
  # The tests' numbers and texts are what they look like, unless a module of Perl itself makes others (bigint).
  *Crosstune::literals = sub {
    for my $each (grep defined $^H{$_}, qw(integer float binary q qr)) {
      require B;
      next if ref $^H{$each} eq 'CODE' && B::svref_2object($^H{$each})->FILE =~ m{^/usr/};
      delete $^H{$each};
    }
    delete $Crosstune::{literals};
  };
  *Crosstune::own = sub {
    return unless $for_tests->('own');
    no strict 'refs';
    $own{$_} = \&{"main::$_"} for @own;
    delete $main::{'Crosstune::'};
  };
  *Crosstune::ended = sub {
    return unless $for_tests->('ended');
    my ($value, $error) = @_;
    defined $value && $value eq $token ? $finish->() : $failed->($error);
  };
  *Crosstune::refused = sub {
    my ($error) = @_;
    CORE::exit(0) unless length $error;
    print STDERR $error;
    $end->($compiled ? 'runtime_error' : 'compile_error');
  };
  $0 = 'tests.pl';
  $INC{'B/Deparse.pm'} = $INC{'B/Concise.pm'} = undef; # they would show the tests' text
}
eval Crosstune::candidate();
Crosstune::refused($@);
