# The candidate's process: loads the candidate, then calls its functions as it is asked; see docs/values.md. Nothing here
# needs protection from the candidate: all that it can change is what it answers.
BEGIN {
  my $warm = @ARGV && $ARGV[-1] eq 'warm';
  pop @ARGV if $warm;
  require $_ for qw(strict.pm warnings.pm B.pm);
  fork if $warm;
}

package Crosstune;
BEGIN { strict->import }

sub text { my ($value) = @_; pack('N', length $value) . $value }

# Reads the value of a question that begins at $$at.
sub decoded {
  my ($data, $at) = @_;
  my $take = sub { my $part = substr $$data, $$at, $_[0]; $$at += $_[0]; $part };
  my $number = sub { unpack 'N', $take->(4) };
  my $tag = $take->(1);
  return undef if $tag eq 'N' || $tag eq 'U';
  return $tag eq 'T' ? !!1 : !!0 if $tag eq 'T' || $tag eq 'F';
  return unpack 'q>', $take->(8) if $tag eq 'i';
  return large($take->($number->())) if $tag eq 'I';
  return unpack 'd>', $take->(8) if $tag eq 'd';
  return characters(pack 'U', $number->()) if $tag eq 'c';
  return characters($take->($number->())) if $tag eq 's';
  return $take->($number->()) if $tag eq 'b';
  return [map decoded($data, $at), 1 .. $number->()] if $tag =~ /[ltS]/;
  return {map { my $key = decoded($data, $at); $key => decoded($data, $at) } 1 .. $number->()} if $tag eq 'm';
  die "an unknown tag $tag";
}

# Texts are characters where the candidate says "use utf8", else bytes.
our $characters = 0;
sub characters { my ($text) = @_; utf8::decode($text) if $characters; $text }

sub large {
  my ($bytes) = @_;
  require Math::BigInt;
  my $value = Math::BigInt->from_hex(unpack 'H*', $bytes);
  ord $bytes < 128 ? $value : $value - (Math::BigInt->new(2) ** (8 * length $bytes));
}

sub encoded {
  my ($value, $depth) = @_;
  die "too deep\n" if $depth > 200;
  return 'N' unless defined $value;
  if (my $type = ref $value) {
    return whole("$value") if $type eq 'Math::BigInt';
    return 'd' . pack 'd>', "$value" if $type eq 'Math::BigFloat';
    return 'l' . pack('N', scalar @$value) . join '', map encoded($_, $depth + 1), @$value if $type eq 'ARRAY';
    return 'm' . pack('N', scalar keys %$value)
      . join '', map { scalar_of($_) . encoded($value->{$_}, $depth + 1) } sort keys %$value if $type eq 'HASH';
    return fields($type, $value, $depth) if "$value" =~ /=HASH\(/ || builtin_reftype($value) eq 'HASH';
    return 'o' . text($type);
  }
  scalar_of($value);
}

sub builtin_reftype { require Scalar::Util; Scalar::Util::reftype($_[0]) }

sub fields {
  my ($type, $value, $depth) = @_;
  my @names = sort keys %$value;
  'r' . text($type) . pack('N', scalar @names) . join '', map { text($_) . encoded($value->{$_}, $depth + 1) } @names;
}

# A number if Perl has it as one: the package `builtin` knows, which is newer than some perls.
my ($is_bool, $is_number) = map { no strict 'refs'; defined &{"builtin::$_"} ? \&{"builtin::$_"} : undef } qw(is_bool created_as_number);
sub scalar_of {
  my ($value) = @_;
  no warnings;
  return $value ? 'T' : 'F' if $is_bool && $is_bool->($value);
  my $flags = $is_number ? 0 : B::svref_2object(\$value)->FLAGS;
  my $number = $is_number ? $is_number->($value) : $flags & (B::SVp_IOK() | B::SVp_NOK()) && !($flags & B::SVp_POK());
  return string($value) unless $number;
  $value =~ /^-?\d{1,20}\z/ ? whole($value) : 'd' . pack 'd>', $value;
}

sub whole {
  my ($text) = @_;
  my $small = $text + 0;
  return 'i' . pack 'q>', $small if "$small" eq $text && $text >= -9223372036854775808 && $text <= 9223372036854775807 && length $text < 19;
  require Math::BigInt;
  my $value = Math::BigInt->new($text);
  my $count = int(length($value->copy->babs->to_hex) / 2) + 1;
  my $hex = ($value->is_neg ? $value + (Math::BigInt->new(2) ** (8 * $count)) : $value)->to_hex;
  'I' . pack('N', $count) . pack 'H*', ('0' x (2 * $count - length $hex)) . $hex;
}

sub string {
  my ($value) = @_;
  utf8::encode($value) if utf8::is_utf8($value);
  my $copy = $value;
  (utf8::decode($copy) || $value !~ /[\x80-\xff]/ ? 's' : 'b') . text($value);
}

sub safely {
  my ($value) = @_;
  my $data = eval { encoded($value, 1) };
  defined $data ? $data : 'o' . text(ref $value || 'value');
}

sub outcome {
  my ($name, $values) = @_;
  no strict 'refs';
  my $function = $Crosstune::Names::found->($name);
  return 'E' . text('die') . text("the candidate has no function $name") . text('') unless ref $function eq 'CODE';
  my @results = eval { $function->(@$values) };
  if ($@) {
    my ($kind, $message) = (ref $@ || 'die', "$@");
    utf8::encode($message) if utf8::is_utf8($message);
    return 'E' . text($kind) . text($message) . text('');
  }
  return 'R' . safely($results[0]) if @results <= 1;
  'Rt' . pack('N', scalar @results) . join '', map safely($_), @results;
}

sub answer {
  my ($question) = @_;
  my $at = 1;
  die "only functions are called" unless substr($question, 0, 1) eq 'C';
  my $size = unpack 'N', substr $question, 1, 4;
  my $name = substr $question, 5, $size;
  $at = 5 + $size;
  my $values = decoded(\$question, \$at);
  my @before = map safely($_), @$values;
  my @given = @$values;
  my $head = outcome($name, \@given);
  my @after = map safely($_), @$values;
  my @changed = grep $after[$_] ne $before[$_], 0 .. $#after;
  $head . pack('N', scalar @changed) . join('', map { pack('N', $_) . $after[$_] } @changed) . text('') . text('');
}

sub block {
  my ($handle, $size) = @_;
  my $data = '';
  while (length $data < $size) { read $handle, $data, $size - length $data, length $data or return }
  $data;
}

sub payload_text {
  my ($handle) = @_;
  my $size = <$handle>;
  block($handle, $size + 0);
}

our ($reader, $writer);
sub send_frame {
  my ($data) = @_;
  print {$writer} pack('N', length $data), length $data > 16 << 20 ? '' : $data;
  $writer->flush;
  CORE::exit(1) if length $data > 16 << 20; # the judge reads no more of it
}

sub serve {
  require IO::Handle;
  open $reader, '<&=:raw', 5 or die;
  open $writer, '>&=:raw', 6 or die;
  $| = 1;
  send_frame("H\x01");
  while (defined(my $size = block($reader, 4))) {
    my $question = block($reader, unpack 'N', $size);
    send_frame(answer($question));
  }
  CORE::exit(0);
}

sub refused {
  my ($error, $status) = @_;
  print STDERR $error;
  open my $report, '>&=', 4 or die;
  syswrite $report, "failed $status";
  CORE::exit(1);
}

our $compiled = 0;
# The candidate, and after it a function in its scope: local functions and variables have names only there.
sub candidate {
  open my $payload, '<&=:raw', 3 or die;
  my $code = payload_text($payload);
  payload_text($payload);
  close $payload;
  $characters = $code =~ /^\s*use\s+utf8\b/m;
  "#line 1 \"candidate.pl\"\n$code\n;\npackage main;\nBEGIN { \$Crosstune::compiled = 1 }\n"
    . "\$Crosstune::Names::found = sub { no strict; defined &{\"main::\$_[0]\"} ? \\&{\"main::\$_[0]\"} : eval \"\\\$\$_[0]\" };\n"
    . 'Crosstune::serve();';
}
$0 = 'tests.pl';

package main;
BEGIN { strict->unimport }
eval Crosstune::candidate();
Crosstune::refused($@ || 'the candidate ended', $@ && !$Crosstune::compiled ? 'compile_error' : 'runtime_error');
