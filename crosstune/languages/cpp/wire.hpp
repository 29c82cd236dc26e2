/* Plain values as bytes, on both sides of the pipes between tests and candidate: see docs/values.md.

   One message is written, and one is read, at a time. These functions are compiled once: those that both sides have
   (wire.cpp), and those of the candidate's side (server.cpp) or of the tests' (stub.cpp). A reader that does not find
   what it expects ends the process; on the tests' side that is the candidate's failure. */
#ifndef CROSSTUNE_WIRE
#define CROSSTUNE_WIRE
namespace crosstune {

typedef decltype(sizeof(0)) Size;

void put_tag(char tag);
void put_count(char tag, Size count);
void put_integer(long long value);
void put_unsigned(unsigned long long value);
void put_double(double value);
void put_extended(long double value);
void put_character(unsigned long code);
void put_text(const char *data, Size size);
/* The name of a standard type; the value that it is made of follows. */
void put_kind(const char *name);
/* An object that is no value. The tests cannot pass it. */
void put_opaque(const char *type);

/* Numbers must be exact in the type that is asked for, except that any number is a floating-point number. */
long long take_integer(long long lowest, long long highest);
unsigned long long take_unsigned(unsigned long long highest);
double take_double();
long double take_extended();
/* The text's place in the message, which the next message replaces. */
const char *take_text(Size &size);
/* A copy of the text that stays, with a zero at its end. */
const char *take_kept_text(Size &size);
Size take_count(char tag);
void take_tag(char tag);
/* These read nothing if the next value is another one. */
bool take_nothing();
bool take_kind(const char *name);
bool take_opaque();
char next_tag();
[[noreturn]] void malformed();

/* Values that contain values of any type nest only so deep. */
struct Nested {
  Nested();
  ~Nested();
};

/* Where the next value begins in the message that is read. */
Size position();
void message_taken();

/* The candidate's side. */
struct EntryPoint {
  const char *name;
  void (*call)();
};
void begin_result();
void raised(); /* called in a handler: the answer is the exception */
void begin_changes();
Size begin_change(Size argument);
void end_change(Size change, Size begin, Size end); /* drop it if the argument was sent like that */
void end_changes();

/* The tests' side. */
void begin_question(const char *name, Size arguments);
bool ask(); /* whether the candidate returned */
Size take_changes();
Size take_argument();
void finish(); /* throw what the candidate has thrown, if so */

}
#endif
