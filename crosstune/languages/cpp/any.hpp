/* Values of `boost::any` and `std::any`: of plain types, and of sequences of them. Each keeps its exact type. Included
   after values.hpp, as often. */
#if defined(CROSSTUNE_STRING) && defined(CROSSTUNE_VECTOR) && !defined(CROSSTUNE_ANY) && \
    (defined(BOOST_ANY_INCLUDED) || (defined(_GLIBCXX_ANY) && __cplusplus >= 201703L))
#define CROSSTUNE_ANY
#include <typeinfo>
namespace crosstune {

/* A value of any other type. */
struct Opaque {};

template <class Any> struct AnyValue {
  template <class Type> static bool written(const Any &value, const char *name) {
    if (value.type() != typeid(Type)) return false;
    if (name) put_kind(name);
    crosstune::write(Value<Any>::template held<Type>(value));
    return true;
  }
  template <class Type> static bool taken(Any &value, bool is_this) {
    if (!is_this) return false;
    Type held{};
    crosstune::read(held);
    value = Any(held);
    return true;
  }
#define CROSSTUNE_NAMED(visit) \
  visit(const char *) || visit(long) || visit(long long) || visit(short) || visit(unsigned int) || \
      visit(unsigned long) || visit(unsigned long long) || visit(float) || visit(long double) || \
      visit(std::vector<int>) || visit(std::vector<long>) || visit(std::vector<double>) || \
      visit(std::vector<std::string>) || visit(std::vector<Any>)
#define CROSSTUNE_WRITTEN(...) written<__VA_ARGS__>(value, #__VA_ARGS__)
#define CROSSTUNE_TAKEN(...) taken<__VA_ARGS__>(value, take_kind(#__VA_ARGS__))
  static void write(const Any &value) {
    if (value.type() == typeid(void)) return put_tag('N');
    if (written<int>(value, nullptr) || written<double>(value, nullptr) || written<bool>(value, nullptr) ||
        written<char>(value, nullptr) || written<std::string>(value, nullptr) || CROSSTUNE_NAMED(CROSSTUNE_WRITTEN))
      return;
#ifdef CROSSTUNE_LIST
    if (CROSSTUNE_WRITTEN(std::list<Any>)) return;
#endif
    put_opaque(value.type().name());
  }
  static void read(Any &value) {
    Nested nested;
    char tag = next_tag();
    if (take_nothing()) value = Any();
    else if (take_opaque()) value = Any(Opaque());
    else if (taken<int>(value, tag == 'i') || taken<double>(value, tag == 'd') || taken<char>(value, tag == 'c') ||
             taken<bool>(value, tag == 'T' || tag == 'F') || taken<std::string>(value, tag == 's' || tag == 'b') ||
             CROSSTUNE_NAMED(CROSSTUNE_TAKEN))
      return;
#ifdef CROSSTUNE_LIST
    else if (CROSSTUNE_TAKEN(std::list<Any>)) return;
#endif
    else malformed();
  }
#undef CROSSTUNE_NAMED
#undef CROSSTUNE_WRITTEN
#undef CROSSTUNE_TAKEN
};

#ifdef BOOST_ANY_INCLUDED
template <> struct Value<boost::any> : AnyValue<boost::any> {
  template <class Type> static const Type &held(const boost::any &value) { return boost::any_cast<const Type &>(value); }
};
#endif
#if defined(_GLIBCXX_ANY) && __cplusplus >= 201703L
template <> struct Value<std::any> : AnyValue<std::any> {
  template <class Type> static const Type &held(const std::any &value) { return std::any_cast<const Type &>(value); }
};
#endif
}
#endif
