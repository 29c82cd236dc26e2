/* How values of C++ are written and read, by their static types: see docs/values.md. A type that has no `Value` here
   is an error when it is compiled; then the tests need the candidate in their own process.

   It includes no header that a program could have forgotten. It is C++11. Those of the standard library's types are in
   containers.hpp. */
#ifndef CROSSTUNE_VALUES
#define CROSSTUNE_VALUES
#include "wire.hpp"

#include <type_traits>

namespace crosstune {

template <class Type, class Enable = void> struct Value {
  static_assert(sizeof(Type) < 0, "values of this type do not travel between processes");
};
template <class Type> void write(const Type &value) { Value<Type>::write(value); }
template <class Type> void read(Type &value) { Value<Type>::read(value); }

template <class Type> struct IsNumber { enum { yes = 0 }; };
/* A class whose objects stay in the candidate's process: see objects.hpp. */
template <class Type> struct Remote { enum { yes = 0 }; };
template <class Type> struct Remote<const Type> : Remote<Type> {};

#define CROSSTUNE_VALUE(type, put, take) \
  template <> struct Value<type> { \
    static void write(const type &value) { put; } \
    static void read(type &value) { value = static_cast<type>(take); } \
  }; \
  template <> struct IsNumber<type> { enum { yes = 1 }; };
#define CROSSTUNE_SIGNED(type, highest) CROSSTUNE_VALUE(type, put_integer(value), take_integer(-highest - 1, highest))
#define CROSSTUNE_UNSIGNED(type) CROSSTUNE_VALUE(type, put_unsigned(value), take_unsigned(static_cast<type>(-1)))
CROSSTUNE_VALUE(bool, put_tag(value ? 'T' : 'F'), take_unsigned(1))
CROSSTUNE_VALUE(char, put_character(static_cast<unsigned char>(value)), take_integer(-128, 127))
CROSSTUNE_SIGNED(signed char, __SCHAR_MAX__)
CROSSTUNE_SIGNED(short, __SHRT_MAX__)
CROSSTUNE_SIGNED(int, __INT_MAX__)
CROSSTUNE_SIGNED(long, __LONG_MAX__)
CROSSTUNE_SIGNED(long long, __LONG_LONG_MAX__)
CROSSTUNE_UNSIGNED(unsigned char)
CROSSTUNE_UNSIGNED(unsigned short)
CROSSTUNE_UNSIGNED(unsigned int)
CROSSTUNE_UNSIGNED(unsigned long)
CROSSTUNE_UNSIGNED(unsigned long long)
CROSSTUNE_VALUE(wchar_t, put_unsigned(value), take_unsigned(0x7fffffff))
CROSSTUNE_VALUE(char16_t, put_unsigned(value), take_unsigned(0xffff))
CROSSTUNE_VALUE(char32_t, put_unsigned(value), take_unsigned(0xffffffff))
CROSSTUNE_VALUE(float, put_double(value), take_double())
CROSSTUNE_VALUE(double, put_double(value), take_double())
CROSSTUNE_VALUE(long double, put_extended(value), take_extended())
#undef CROSSTUNE_VALUE
#undef CROSSTUNE_SIGNED
#undef CROSSTUNE_UNSIGNED

template <class Type> struct Value<Type, typename std::enable_if<std::is_enum<Type>::value>::type> {
  typedef typename std::underlying_type<Type>::type Number;
  static void write(const Type &value) { Value<Number>::write(static_cast<Number>(value)); }
  static void read(Type &value) {
    Number number;
    Value<Number>::read(number);
    value = static_cast<Type>(number);
  }
};

/* A text that ends with a zero. */
template <> struct Value<const char *> {
  static void write(const char *const &value) {
    if (value) put_text(value, __builtin_strlen(value));
    else put_tag('N');
  }
  static void read(const char *&value) {
    Size size;
    value = take_nothing() ? nullptr : take_kept_text(size);
  }
};
/* A pointer to one value; `why_shared` refuses those to several. */
template <class Type, bool REMOTE> struct Pointer {
  static void write(Type *const &value) {
    if (value) crosstune::write(*value);
    else put_tag('N');
  }
  static void read(Type *&value) {
    if (take_nothing()) value = nullptr;
    else {
      typedef typename std::remove_const<Type>::type Held;
      if (!value) value = new Held();
      crosstune::read(const_cast<Held &>(*value));
    }
  }
};
template <class Type> struct Value<Type *> : Pointer<Type, Remote<Type>::yes> {};
template <class Type, Size COUNT> struct Value<Type[COUNT]> {
  static void write(const Type (&value)[COUNT]) {
    put_count('l', COUNT);
    for (Size i = 0; i < COUNT; i++) crosstune::write(value[i]);
  }
  static void read(Type (&value)[COUNT]) {
    if (take_count('l') != COUNT) malformed();
    for (Size i = 0; i < COUNT; i++) crosstune::read(value[i]);
  }
};

/* Containers by what they can do. */
template <class Items> void write_items(char tag, const Items &items) {
  put_count(tag, items.size());
  for (const auto &item : items) crosstune::write(item);
}
template <class Items> struct Sequence {
  static void write(const Items &items) { write_items('l', items); }
  static void read(Items &items) {
    items.clear();
    for (Size left = take_count('l'); left; left--) {
      items.emplace_back();
      crosstune::read(items.back());
    }
  }
};
template <class Items> struct Set {
  static void write(const Items &items) { write_items('S', items); }
  static void read(Items &items) {
    items.clear();
    for (Size left = take_count('S'); left; left--) {
      typename Items::value_type item;
      crosstune::read(item);
      items.insert(items.end(), item);
    }
  }
};
/* A set that may have an item twice is a list. */
template <class Items> struct Bag {
  static void write(const Items &items) { write_items('l', items); }
  static void read(Items &items) {
    items.clear();
    for (Size left = take_count('l'); left; left--) {
      typename Items::value_type item;
      crosstune::read(item);
      items.insert(items.end(), item);
    }
  }
};
template <class Entries> struct Map {
  static void write(const Entries &entries) {
    put_count('m', entries.size());
    for (const auto &entry : entries) {
      crosstune::write(entry.first);
      crosstune::write(entry.second);
    }
  }
  static void read(Entries &entries) {
    entries.clear();
    for (Size left = take_count('m'); left; left--) {
      typename Entries::key_type key;
      typename Entries::mapped_type value;
      crosstune::read(key);
      crosstune::read(value);
      entries.insert(entries.end(), typename Entries::value_type(key, value));
    }
  }
};
/* Containers by hashes: with their buckets, and backwards, so that they have the same order on the other side. */
template <class Items> struct Unordered {
  typedef typename Items::value_type Item;
  static void write(const Items &items, char tag, void (*write_item)(const Item &)) {
    put_kind("unordered");
    put_count('t', 2);
    put_unsigned(items.bucket_count());
    put_count(tag, items.size());
    const Item **listed = new const Item *[items.size()];
    Size count = 0;
    for (const Item &item : items) listed[count++] = &item;
    while (count) write_item(*listed[--count]);
    delete[] listed;
  }
  static Size begin(Items &items, char tag) {
    if (!take_kind("unordered") || take_count('t') != 2) malformed();
    Size buckets = take_unsigned(1 << 20), count = take_count(tag);
    items.clear();
    items.rehash(buckets);
    return count;
  }
};
template <class Items> struct UnorderedSet {
  static void write(const Items &items) {
    Unordered<Items>::write(items, 'S', [](const typename Items::value_type &item) { crosstune::write(item); });
  }
  static void read(Items &items) {
    for (Size left = Unordered<Items>::begin(items, 'S'); left; left--) {
      typename Items::value_type item;
      crosstune::read(item);
      items.insert(item);
    }
  }
};
template <class Entries> struct UnorderedMap {
  static void write(const Entries &entries) {
    Unordered<Entries>::write(entries, 'm', [](const typename Entries::value_type &entry) {
      crosstune::write(entry.first);
      crosstune::write(entry.second);
    });
  }
  static void read(Entries &entries) {
    for (Size left = Unordered<Entries>::begin(entries, 'm'); left; left--) {
      typename Entries::key_type key;
      typename Entries::mapped_type value;
      crosstune::read(key);
      crosstune::read(value);
      entries.insert(typename Entries::value_type(key, value));
    }
  }
};
/* Adapters keep their container as a protected member. */
template <class Adapter> struct Inside : Adapter {
  typedef typename Adapter::container_type Container;
  static Container &of(Adapter &adapter) { return adapter.*&Inside::c; }
  static const Container &of(const Adapter &adapter) { return adapter.*&Inside::c; }
};
template <class Adapter> struct Adapted {
  static void write(const Adapter &value) { crosstune::write(Inside<Adapter>::of(value)); }
  static void read(Adapter &value) { crosstune::read(Inside<Adapter>::of(value)); }
};

/* Whether a value has pointers within: apart, these would be pointers to copies. */
template <class... Types> struct AnyPoints { enum { yes = 0 }; };
template <class Type> struct Points { enum { yes = 0 }; };
template <class First, class... Rest> struct AnyPoints<First, Rest...> { enum { yes = Points<First>::yes || AnyPoints<Rest...>::yes }; };
template <class Type> struct Points<const Type> : Points<Type> {};
template <class Type> struct Points<Type *> { enum { yes = !Remote<Type>::yes }; };
template <> struct Points<const char *> { enum { yes = 0 }; };
template <class Type, Size COUNT> struct Points<Type[COUNT]> : Points<Type> {};
template <template <class...> class Made, class... Types> struct Points<Made<Types...>> {
  enum { yes = !Remote<Made<Types...>>::yes && AnyPoints<Types...>::yes };
};
template <template <class, Size> class Made, class Type, Size COUNT> struct Points<Made<Type, COUNT>> : Points<Type> {};

/* A function of the benchmark's declaration, by its type. */
template <class Type> struct Plain {
  typedef typename std::remove_cv<typename std::remove_reference<Type>::type>::type type;
};
/* The class that a reference or pointer is one to. */
template <class Type> struct Target { typedef typename Plain<Type>::type type; };
template <class Type> struct Target<Type *> : Target<Type> {};
template <class Type> struct Target<Type &> : Target<Type> {};
template <class Type> struct Target<Type &&> : Target<Type> {};

template <class Type> struct IsChanged { enum { yes = 0 }; };
template <class Type> struct IsChanged<Type &> { enum { yes = 1 }; };
template <class Type> struct IsChanged<const Type &> { enum { yes = 0 }; };
template <class Type> struct IsChanged<Type *> { enum { yes = 1 }; };
template <class Type> struct IsChanged<const Type *> { enum { yes = 0 }; };

template <int NUMBER, class... Types> struct Nth;
template <int NUMBER, class First, class... Rest> struct Nth<NUMBER, First, Rest...> : Nth<NUMBER - 1, Rest...> {};
template <class First, class... Rest> struct Nth<0, First, Rest...> { typedef First type; };

template <bool CHANGED> struct Changes {
  template <class Type> static void write(const Type &value, Size number, Size from, Size to) {
    Size change = begin_change(number);
    crosstune::write(value);
    end_change(change, from, to);
  }
  template <class Type> static void read(Type &value) { crosstune::read(value); }
};
template <> struct Changes<false> {
  template <class Type> static void write(const Type &, Size, Size, Size) {}
  template <class Type> static void read(Type &) { malformed(); }
};

/* The candidate's side: an argument that its server owns. */
template <class Type, bool REMOTE = Remote<typename Target<Type>::type>::yes> struct Argument {
  typedef typename Plain<Type>::type Held;
  Held held;
  Size from, to;
  Argument() : held(), from(position()) {
    crosstune::read(held);
    to = position();
  }
  Type &&pass() { return static_cast<Type &&>(held); }
  void changed(Size number) { Changes<IsChanged<Type>::yes>::write(held, number, from, to); }
};

/* How a result is written that is no object: numbers as what they are; other types as the declared one, if the language would convert
   them. */
template <class Declared, class Result, bool NUMBERS> struct Results {
  static void write(const Result &result) { crosstune::write(result); }
};
template <class Declared, class Result> struct Results<Declared, Result, false> {
  template <class Given> static void write(Given &&given) {
    Declared declared = static_cast<Given &&>(given);
    crosstune::write(declared);
  }
};
template <class Declared> struct Results<Declared, Declared, false> {
  static void write(const Declared &result) { crosstune::write(result); }
};

/* The tests' side: arguments one after the other. */
template <class... Types> struct Arguments {
  static void write() {}
  static void read(Size) { malformed(); }
};
template <class First, class... Rest> struct Arguments<First, Rest...> {
  typedef typename Plain<First>::type Held;
  template <class... More> static void write(const Held &first, More &...more) {
    crosstune::write(first);
    Arguments<Rest...>::write(more...);
  }
  template <class... More> static void read(Size number, Held &first, More &...more) {
    if (number == 0) Changes<IsChanged<First>::yes>::read(first);
    else Arguments<Rest...>::read(number - 1, more...);
  }
  template <class... More> static void read(Size number, const Held &, More &...more) {
    if (number == 0) malformed();
    Arguments<Rest...>::read(number - 1, more...);
  }
};

template <class Result, bool REMOTE> struct AskedValue {
  typename Plain<Result>::type result;
  AskedValue() : result() {}
  void take() { crosstune::read(result); }
  Result get() { return static_cast<typename Plain<Result>::type &&>(result); }
};
template <class Result> struct AskedValue<Result &, false> {
  typename Plain<Result>::type *result;
  AskedValue() : result(new typename Plain<Result>::type()) {}
  void take() { crosstune::read(*result); }
  Result &get() { return *result; }
};
template <> struct AskedValue<void, false> {
  void take() {
    if (!take_nothing()) malformed();
  }
  void get() {}
};
template <class Result> struct Asked : AskedValue<Result, Remote<typename Target<Result>::type>::yes> {};

template <class Declared, bool REMOTE = Remote<typename Target<Declared>::type>::yes> struct Answer {
  template <class Given> static void write(Given &&given) {
    typedef typename Plain<Given>::type Type;
    typedef typename Plain<Declared>::type Wanted;
    static_assert(std::is_convertible<Given, Wanted>::value, "the function does not return what it is declared to return");
    Results<Wanted, Type, IsNumber<Type>::yes && IsNumber<Wanted>::yes>::write(static_cast<Given &&>(given));
  }
};

template <class Type> struct Function;
#define CROSSTUNE_NO_REFERENCE(asked) \
  static_assert(!std::is_lvalue_reference<crosstune::Function<asked>::Result>::value || \
                    crosstune::Remote<typename crosstune::Target<crosstune::Function<asked>::Result>::type>::yes, \
                "references do not travel between processes");
template <class Declared, class... Types> struct Function<Declared(Types...)> {
  typedef Declared Result;
  template <int NUMBER> struct Parameter { typedef typename Nth<NUMBER, Types...>::type type; };

  template <class Given> static void answer(Given &&given) { Answer<Declared>::write(static_cast<Given &&>(given)); }
  template <class... Given> static Declared ask(Question question, Given &...given) {
    static_assert(!Points<typename Plain<Declared>::type>::yes, "pointers within results do not travel between processes");
    static_assert(!AnyPoints<typename std::remove_pointer<typename Plain<Types>::type>::type...>::yes,
                  "pointers within arguments do not travel between processes");
    begin_question(question, sizeof...(Types));
    Arguments<Types...>::write(given...);
    Asked<Declared> asked;
    if (crosstune::ask()) asked.take();
    for (Size left = take_changes(); left; left--) Arguments<Types...>::read(take_argument(), given...);
    finish();
    return asked.get();
  }
};

}
#endif
